import type { RequestListener, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import express from 'express'
import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import type { Context, MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import type { Middleware } from 'koa'
import Koa from 'koa'
import { rateLimit as limitExpress } from 'spillway/express'
import { rateLimit as limitFastify } from 'spillway/fastify'
import type { FetchHandler } from 'spillway/fetch'
import { rateLimit as limitFetch } from 'spillway/fetch'
import { rateLimit as limitHono } from 'spillway/hono'
import { rateLimit as limitKoa } from 'spillway/koa'
import { rateLimit as limitNode } from 'spillway/node'
import type { MakeHandler } from '../lib/handler-server.js'
import { nestServer, nestSpillway, nestThrottler } from './nest.js'

const TOWNS = { towns: ['Paris', 'Lyon', 'Nice'], page: 1, of: 1 }
const BODY = JSON.stringify(TOWNS)
const SECOND = 1_000
const HOUR = 3_600_000
/** Nobody is refused: a refusal would be cheaper than an answer. */
const AMPLE = 1_000_000_000
const QUOTA = `${AMPLE}/hour`

/** The fields of such a limit at a moment: what it costs to send them, whoever makes them. */
const FIELDS = [
  ['RateLimit-Policy', '"route";q=1000000000;w=3600'],
  ['RateLimit', '"route";r=999999000;t=3599'],
] as const

/** What a server does with a request, by name: every limiter counts by address, and is as installed but for its limit. */
export const HANDLERS: Readonly<Record<string, MakeHandler>> = {
  'node:http alone': () => respond,
  'node:http, the same fields, constant': () => (request, response) => {
    tellConstants(response)
    respond(request, response)
  },
  'node:http, spillway': nodeSpillway,
  'Fetch alone': () => fetchServer(() => new Response(BODY)),
  'Fetch, the same fields, constant': () =>
    fetchServer(() => {
      const response = new Response(BODY)
      for (const [name, value] of FIELDS) response.headers.set(name, value)
      return response
    }),
  'Fetch, spillway': () => fetchServer(limitFetch(QUOTA, { address: peerOf })(() => new Response(BODY))),
  'Express alone': () => expressServer(),
  'Express, the same fields, constant': () =>
    expressServer((_request, response, next) => {
      tellConstants(response)
      next()
    }),
  'Express, spillway': () => expressServer(limitExpress(QUOTA)),
  'Express, express-rate-limit': async () => {
    const { rateLimit } = await import('express-rate-limit')
    return expressServer(rateLimit({ windowMs: HOUR, limit: AMPLE }))
  },
  'NestJS alone': () => nestServer(TOWNS),
  'NestJS, the same fields, constant': () =>
    nestServer(TOWNS, {}, (app) =>
      app.use((_request: unknown, response: ServerResponse, next: () => void) => {
        tellConstants(response)
        next()
      }),
    ),
  'NestJS, spillway': () => nestSpillway(TOWNS, QUOTA),
  'NestJS, @nestjs/throttler': () => nestThrottler(TOWNS, SECOND, AMPLE),
  'Fastify alone': () => fastifyServer(() => undefined),
  'Fastify, the same fields, constant': () =>
    fastifyServer((app) =>
      app.addHook('onRequest', (_request, reply, done) => {
        for (const [name, value] of FIELDS) reply.header(name, value)
        done()
      }),
    ),
  'Fastify, spillway': () => fastifyServer((app) => app.register(limitFastify(QUOTA))),
  'Fastify, @fastify/rate-limit': async () => {
    const { default: rateLimit } = await import('@fastify/rate-limit')
    return fastifyServer((app) => app.register(rateLimit, { max: AMPLE, timeWindow: HOUR }))
  },
  'Koa alone': () => koaServer(),
  'Koa, the same fields, constant': () =>
    koaServer((context, next) => {
      for (const [name, value] of FIELDS) context.set(name, value)
      return next()
    }),
  'Koa, spillway': () => koaServer(limitKoa(QUOTA)),
  'Koa, koa-ratelimit': async () => {
    const { default: rateLimit } = await import('koa-ratelimit')
    return koaServer(rateLimit({ driver: 'memory', db: new Map(), duration: HOUR, max: AMPLE }))
  },
  'Hono alone': () => honoServer(),
  'Hono, the same fields, constant': () =>
    honoServer(async (context, next) => {
      for (const [name, value] of FIELDS) context.header(name, value)
      await next()
    }),
  'Hono, a middleware that does nothing': () => honoServer((_context, next) => next()),
  'Hono, spillway': () => honoServer(limitHono(QUOTA, { address: addressOf })),
  'Hono, hono-rate-limiter': async () => {
    const { rateLimiter } = await import('hono-rate-limiter')
    const keyGenerator = (context: Context) => addressOf(context) ?? ''
    return honoServer(rateLimiter({ windowMs: HOUR, limit: AMPLE, keyGenerator }))
  },
}

const respond: RequestListener = (_request, response) => {
  response.setHeader('Content-Type', 'application/json')
  response.setHeader('Content-Length', BODY.length)
  response.end(BODY)
}

function tellConstants(response: ServerResponse): void {
  for (const [name, value] of FIELDS) response.setHeader(name, value)
}

function nodeSpillway(): RequestListener {
  const limit = limitNode(QUOTA)
  return (request, response) => limit(request, response, () => respond(request, response))
}

/** What @hono/node-server hands a handler besides the request. */
type Bindings = readonly [env: { readonly incoming: { readonly socket: { readonly remoteAddress?: string } } }]

function peerOf(_request: Request, { incoming }: Bindings[0]): string | undefined {
  return incoming.socket.remoteAddress
}

function fetchServer(handler: FetchHandler<[...Bindings]>): RequestListener {
  return getRequestListener((request, env) => handler(request, env as Bindings[0]))
}

function expressServer(limit?: express.RequestHandler): RequestListener {
  const app = express()
  app.set('env', 'production')
  if (limit) app.use(limit)
  app.get('/{*path}', (_request, response) => void response.json(TOWNS))
  return app
}

async function fastifyServer(prepare: (app: FastifyInstance) => unknown): Promise<RequestListener> {
  const app = Fastify()
  await prepare(app)
  app.get('/*', (_request, reply) => reply.send(TOWNS))
  await app.ready()
  return app.routing
}

function koaServer(limit?: Middleware): RequestListener {
  const app = new Koa()
  if (limit) app.use(limit)
  app.use((context) => {
    context.body = TOWNS
  })
  return app.callback()
}

const addressOf = (context: Context): string | undefined => getConnInfo(context).remote.address

function honoServer(limit?: MiddlewareHandler): RequestListener {
  const app = new Hono()
  if (limit) app.use(limit)
  app.get('/*', (context) => context.json(TOWNS))
  return getRequestListener(app.fetch)
}
