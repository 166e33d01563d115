/**
 * A shop's API on Node's own HTTP server: `npx tsx examples/node/start.ts`, then
 *
 *     curl -i http://127.0.0.1:3000/towns                          # 20 a minute for each client
 *     curl -i 'http://127.0.0.1:3000/search?depth=5'               # costs as much as it is deep
 *     curl -i -X POST 'http://127.0.0.1:3000/login?password=wrong' # three wrong guesses a minute, right ones are free
 *     curl -i http://127.0.0.1:3000/reports/year                   # two a minute for all reports together
 *     curl -i http://127.0.0.1:3000/health                         # as often as you like
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGuard, memoryStore } from 'spillway'
import { clientIp, header } from 'spillway/identity'
import type { NodeMiddleware } from 'spillway/node'
import { rateLimit, verdictOf } from 'spillway/node'

const guard = createGuard({
  rules: [
    { name: 'health', path: '/health', quotas: 'unlimited' },
    { name: 'partners', path: '/**', group: 'partner', quotas: '100/minute' },
    { name: 'search', path: '/search', quotas: '10/minute' },
    { name: 'all', path: '/**', quotas: '20/minute' },
  ],
  identity: [header({ name: 'x-api-key', groups: { 'key-of-mia': 'partner' } }), clientIp()],
  costs: { search: ({ request }) => depthOf(request as IncomingMessage) },
  store: memoryStore(),
})

/** A handler behind a limit. An error comes from a guard that is broken, never from a refusal. */
function behind(limit: NodeMiddleware, handler: RequestListener): RequestListener {
  return (request, response) => {
    limit(request, response, (error) => {
      if (error === undefined) handler(request, response)
      else response.writeHead(500).end()
    })
  }
}

/** One limit in front of two routes: they share two a minute. */
const reports = rateLimit('2/minute', { name: 'reports' })
const guesses = rateLimit('3/minute', { name: 'guesses', charge: { when: 'response', on: 401 } })

const routes: Readonly<Record<string, RequestListener>> = {
  '/towns': (request, response) => send(response, { towns: ['Bergen', 'Tartu'], remaining: remainingOf(request) }),
  '/search': (request, response) => send(response, { depth: depthOf(request) }),
  '/health': (_request, response) => send(response, { up: true }),
  '/reports/year': behind(reports, (_request, response) => send(response, { report: 'year' })),
  '/reports/month': behind(reports, (_request, response) => send(response, { report: 'month' })),
  '/login': behind(guesses, (request, response) => {
    const correct = urlOf(request).searchParams.get('password') === 'correct'
    response.statusCode = correct ? 200 : 401
    send(response, { welcome: correct })
  }),
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response.statusCode = 404
  send(response, { error: 'There is no such page.' })
}

function send(response: ServerResponse, body: unknown): void {
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(body))
}

function remainingOf(request: IncomingMessage): number | undefined {
  const verdict = verdictOf(request)
  const decision = verdict?.kind === 'allow' ? verdict.decisions[0]?.decision : undefined
  return decision?.kind === 'allowed' ? decision.remaining : undefined
}

/** What a search costs: a whole number from 1, whatever the client sends. Any other cost is a fault, and answered with 500. */
function depthOf(request: IncomingMessage): number {
  const depth = Number(urlOf(request).searchParams.get('depth') ?? 1)
  return Number.isSafeInteger(depth) && depth >= 1 ? depth : 1
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://127.0.0.1')
}

const application = behind(rateLimit(guard), (request, response) => {
  const route = routes[urlOf(request).pathname] ?? notFound
  route(request, response)
})

const server = createServer(application).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
