/**
 * What must and what must not compile: Fastify, Koa, Hono, NestJS, tRPC, GraphQL and WebSocket. Read by
 * `npm run types`, never run.
 */
import type { IncomingMessage } from 'node:http'
import { Module } from '@nestjs/common'
import { initTRPC } from '@trpc/server'
import Fastify from 'fastify'
import { execute } from 'graphql'
import { Hono } from 'hono'
import type { Context } from 'koa'
import Koa from 'koa'
import { Server } from 'socket.io'
import type { Guard, Verdict } from 'spillway'
import { rateLimit as forFastify, verdictOf as ofFastify } from 'spillway/fastify'
import { verdictOf as ofRequest, rateLimit as requests } from 'spillway/fetch'
import type { RateLimitError as TooComplex } from 'spillway/graphql'
import { limitOperations, rateLimit as operations } from 'spillway/graphql'
import { rateLimit as forHono, verdictOf as ofHono } from 'spillway/hono'
import { rateLimit as forKoa, verdictOf as ofKoa } from 'spillway/koa'
import type { RateLimitException } from 'spillway/nest'
import { verdictOf as ofNest, RateLimit, SkipRateLimit, SpillwayModule } from 'spillway/nest'
import { verdictOf as ofNode } from 'spillway/node'
import { adapterSuite, guessOptions, planLimit } from 'spillway/testing'
import type { RefusalCause } from 'spillway/trpc'
import { verdictOf as ofCall, rateLimit as procedures } from 'spillway/trpc'
import type { RateLimitError as TooMany } from 'spillway/ws'
import { limitConnections, limitMessages, verdictOf as ofOpening } from 'spillway/ws'
import { WebSocketServer } from 'ws'

declare const guard: Guard
declare const node: IncomingMessage

const fastify = Fastify()
fastify.register(forFastify(guard, { onDenied: (verdict, _request, reply) => reply.send(verdict.kind) }))
fastify.get('/a', { config: { rateLimit: { limit: '5/minute', name: 'a', cost: async () => 2 } } }, ofFastify)
fastify.get('/b', { config: { rateLimit: false } }, () => 'b')
const koa = new Koa()
koa.use(forKoa(guard))
koa.use(forKoa('5/minute', { by: (context: Context) => context.ip, onDenied: (_, { res }) => void res.end() }))
koa.use((context) => {
  context.body = ofKoa(context)?.kind
})
const hono = new Hono().use(forHono(guard, { address: (c) => c.req.header('cf-connecting-ip') }))
hono.get('/a', forHono('5/minute', { cost: (c) => Number(c.req.query('depth')) }), (c) => c.text(ofHono(c)?.kind ?? ''))
export const handler = requests(guard, { session: async (request: Request) => ({ user: request.url }) })(
  (request) => new Response(ofRequest(request)?.kind),
)
export const limited = [RateLimit('10/minute', { by: ({ url }: Request) => url }), SkipRateLimit()]
export const imports = Module({ imports: [SpillwayModule.forRoot({ limit: guard })] })
export const later = SpillwayModule.forRootAsync({ useFactory: async () => ({ limit: '5/minute' }) })
export const thrown = (error: RateLimitException): number => error.getStatus()
const t = initTRPC.context<{ user: string }>().create()
export const procedure = t.procedure.use(
  procedures('5/minute', { by: ({ ctx }: { ctx: { user: string } }) => ctx.user }),
)
export const seen = procedure.query(({ ctx }) => ofCall(ctx)?.kind)
export const cause = (error: RefusalCause): string => error.problem.detail
export const executing = operations('1000/minute', { cost: ({ document }) => document.definitions.length })(execute)
export const check = limitOperations(guard)
export const shown = (error: TooComplex): number => error.extensions.http.status
const opened = limitConnections('20/minute')
const messages = limitMessages('10/second', {
  per: 'client',
  onDenied: (verdict, socket) => socket.close(1008, verdict.kind),
})
new Server().use(opened.socketIo).on('connection', (socket) => void socket.use(messages.socketIo(socket)))
new WebSocketServer({ verifyClient: opened.verifyClient }).on('connection', (socket, request) => {
  socket.on(
    'message',
    messages.ws(socket, request, (data) => socket.send(data)),
  )
})
export const data = (error: TooMany): string => error.data.title
export const verdicts: (Verdict | undefined)[] = [ofNode(node), ofOpening(node), ofNest(node)]
const plan = planLimit((request: Request, name) => request.headers.get(name) ?? undefined)
export const planned = requests(plan.limit, { ...plan.options, ...guessOptions })
adapterSuite('mine', async ({ guard: ours }) => ({ port: ours.settles ? 1 : 2, close: async () => undefined }))

// @ts-expect-error a limit, not its options
forFastify({ limit: '5/minute' })
// @ts-expect-error true is no limit
fastify.get('/c', { config: { rateLimit: true } }, () => 'c')
// @ts-expect-error the route's options say which limit
fastify.get('/d', { config: { rateLimit: { name: 'd' } } }, () => 'd')
// @ts-expect-error a hook of Koa sets the body, and gives nothing
forKoa(guard, { onDenied: () => 'denied' })
// @ts-expect-error a hook of Hono gives a response
forHono(guard, { onDenied: () => 'denied' })
// @ts-expect-error an address is text
forHono(guard, { address: () => 7 })
// @ts-expect-error a limit, and then its name
RateLimit({ name: 'login' })
// @ts-expect-error it takes no limit
SkipRateLimit('5/minute')
// @ts-expect-error a module takes options
SpillwayModule.forRoot('5/minute')
// @ts-expect-error units are a number
procedures('5/minute', { cost: () => '2' })
// @ts-expect-error a call of tRPC has a context
procedures('5/minute', { by: (request: Request) => request.url })
// @ts-expect-error an operation counts when it is executed, not by its result
operations('5/minute', { charge: { when: 'response', on: [500] } })
// @ts-expect-error a connection has no response to count by
limitConnections('5/minute', { charge: { when: 'response', on: [401] } })
// @ts-expect-error by connection or by client
limitMessages('5/minute', { per: 'user' })
// @ts-expect-error a suite starts a server
adapterSuite('mine', () => 'http://127.0.0.1')
