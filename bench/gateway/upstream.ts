/** A fast service behind the proxies. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerQuestions } from '../lib/worker.js'

const BODY = Buffer.from(JSON.stringify({ towns: Array.from({ length: 40 }, (_, index) => `Town ${index}`) }))

answerQuestions({
  async port() {
    const server = createServer((_request, response) => {
      response.setHeader('Content-Type', 'application/json')
      response.setHeader('Content-Length', BODY.length)
      response.end(BODY)
    }).listen(0, '127.0.0.1')
    server.keepAliveTimeout = 60_000
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  },
})
