import type { Server } from 'node:http'
import { createServer } from 'node:http'

const PAGES: Record<string, readonly string[]> = {
  '/towns': ['Bergen', 'Leuven', 'Tartu'],
  '/forests': ['Białowieża', 'Gorbea', 'Hallerbos'],
}

/** The service that the quickstart protects: it knows a few towns and forests, and nothing of limits. */
export function townsAndForests(): Server {
  return createServer((request, response) => {
    const page = PAGES[request.url ?? '']
    response.writeHead(page ? 200 : 404, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify(page ?? { title: 'There are /towns and /forests.' })}\n`)
  })
}
