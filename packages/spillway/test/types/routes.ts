/** What must and what must not compile: `rateLimit` of node:http, Express and Fetch. Read by `npm run types`, never run. */
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import type { Request as ExpressRequest, Response as ExpressResponse } from 'express'
import express from 'express'
import type { Guard } from 'spillway'
import { memoryStore } from 'spillway'
import { rateLimit as forExpress, verdictOf } from 'spillway/express'
import { rateLimit as forFetch } from 'spillway/fetch'
import { rateLimit as forNode } from 'spillway/node'

declare const guard: Guard
const store = memoryStore()
const app = express()

app.use(forExpress(guard))
app.use(forExpress(guard, { onDenied: (_verdict, request, response) => void response.end(request.originalUrl) }))
app.use(
  forExpress(guard, {
    onDenied: async (verdict, _request: ExpressRequest, response: ExpressResponse) => response.json(verdict.kind),
    onIdentityError: ({ code }, _request, response) => response.json(code),
  }),
)
app.post('/login', forExpress('5/minute', { name: 'login', store, block: '15m', cost: 2 }), (request, response) => {
  response.send(verdictOf(request)?.kind)
})
app.get('/a', forExpress(['1/second', '9/hour'], { charge: { when: 'response', on: ['4xx'] } }))
app.get(
  '/b',
  forExpress((request: ExpressRequest) => (request.query.plan === 'gold' ? '9/second' : '1/second')),
)
app.get('/c', forExpress('5/minute', { by: ({ ip }: ExpressRequest) => ip, exempt: async ({ secure }) => secure }))
app.get('/d', forExpress('5/minute', { cost: async (request) => request.originalUrl.length }))

createServer(
  (request, response) =>
    void forNode('5/minute', { by: ({ headers }) => headers.host })(request, response, () => undefined),
)
export const limited = forFetch('5/minute', { by: (request) => request.headers.get('x-user') ?? undefined })
export const withPeer = forFetch(guard, { address: (_request: Request, peer: string) => peer })(
  (_request, peer) => new Response(peer),
)

const byPeer = forFetch(guard, { address: (_request: Request, peer: string) => peer })
/** As Next.js has it: a request of its own, and what the path says. */
interface OwnRequest extends Request {
  readonly nextUrl: URL
}
const byId = forFetch('5/minute')(async ({ nextUrl }: OwnRequest, { params }: { params: Promise<{ id: string }> }) =>
  Response.json([nextUrl.search, (await params).id]),
)
export const GET: (
  request: OwnRequest,
  context: { params: Promise<{ id: string }> },
) => Response | Promise<Response> | undefined = byId
export const more = byPeer((_request: Request, _peer: string, env: { readonly name: string }) => new Response(env.name))

// @ts-expect-error there must be a limit
forExpress()
// @ts-expect-error a limit is text
forExpress(5)
// @ts-expect-error a function gives text
forNode(() => 5)
// @ts-expect-error units are a number
forNode('5/minute', { cost: '5' })
// @ts-expect-error a name, not a number
forNode('5/minute', { by: () => 7 })
// @ts-expect-error a span has a unit
forNode('5/minute', { block: 60 })
// @ts-expect-error the option is exempt
forNode('5/minute', { skip: () => true })
// @ts-expect-error statuses are numbers or classes
forNode('5/minute', { charge: { when: 'response', on: ['401'] } })
// @ts-expect-error node:http knows no query
forNode('5/minute', { by: (request) => request.query.user })
// @ts-expect-error a function of Express's requests is not for Fetch
forFetch('5/minute', { by: (request: ExpressRequest) => request.ip })
// @ts-expect-error the handler takes what the address is read from
byPeer((_request: Request, peer: number) => Response.json(peer))
// @ts-expect-error a limited handler is given what its address is read from
withPeer(new Request('http://localhost/'))
// @ts-expect-error a handler gives a response
forFetch('5/minute')(() => 'ok')
// @ts-expect-error not every request of node:http is one of Express
export const wrong: (request: IncomingMessage) => void = (request) => forExpress(guard)(request)
