import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import express from 'express'
import type { Guard } from 'spillway'
import { createGuard, memoryStore } from 'spillway'
import { rateLimit as limitExpress } from 'spillway/express'
import { header } from 'spillway/identity'
import { rateLimit } from 'spillway/node'
import type { MakeHandler } from '../lib/handler-server.js'
import { KEYS } from '../lib/server-rounds.js'
import { LAYERS } from './policy.js'

const BODY = JSON.stringify({ towns: ['Paris', 'Lyon', 'Nice'], page: 1, of: 1 })
const HOUR = 3_600_000
const AMPLE = 1_000_000_000

/** What a server does with a request, by name. */
export const HANDLERS: Readonly<Record<string, MakeHandler>> = {
  'node:http alone': () => respond,
  'node:http, bare Map': nodeBareMap,
  'node:http, the same fields, constant': () => (request, response) => {
    tellConstants(response)
    respond(request, response)
  },
  'node:http, spillway': nodeSpillway,
  'node:http, rate-limiter-flexible': nodeRateLimiterFlexible,
  'Express alone': () => expressServer(),
  'Express, the same fields, constant': () =>
    expressServer((_request, response, next) => {
      tellConstants(response)
      next()
    }),
  'Express, spillway': () => expressServer(limitExpress(wholeGuard())),
  'Express, express-rate-limit': async () => expressServer(await expressRateLimit({ standardHeaders: 'draft-8' })),
  'Express, express-rate-limit as installed': async () => expressServer(await expressRateLimit({})),
}

function respond(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Type', 'application/json')
  response.setHeader('Content-Length', BODY.length)
  response.end(BODY)
}

/** The fields of `wholeGuard` at a moment: what it costs to send them, whoever makes them. */
function tellConstants(response: ServerResponse): void {
  response.setHeader(
    'RateLimit-Policy',
    '"everything-else";q=1000000000;w=3600, "plan";q=1000000000;w=3600, "whole-api";q=1000000000;w=3600',
  )
  response.setHeader(
    'RateLimit',
    '"everything-else";r=999999990;t=3599, "plan";r=999999000;t=3599, "whole-api";r=999999000;t=3599',
  )
}

function refuse(response: ServerResponse): void {
  response.statusCode = 429
  response.end()
}

function keyOf(request: IncomingMessage): string {
  return request.headers['x-api-key']?.toString() ?? ''
}

/** Identity by header, three layers of rules, fields on every answer. */
function wholeGuard(): Guard {
  const groups = Object.fromEntries(KEYS.map((key) => [key, 'user']))
  return createGuard({ layers: LAYERS, identity: [header({ name: 'x-api-key', groups })], store: memoryStore() })
}

function nodeSpillway(): RequestListener {
  const limit = rateLimit(wholeGuard())
  return (request, response) => limit(request, response, () => respond(request, response))
}

function nodeBareMap(): RequestListener {
  const counts = new Map<string, { used: number; endsAt: number }>()
  return (request, response) => {
    const now = performance.now()
    const key = keyOf(request)
    let count = counts.get(key)
    if (count === undefined || now >= count.endsAt) {
      count = { used: 0, endsAt: now + HOUR }
      counts.set(key, count)
    }
    count.used++
    if (count.used > AMPLE) refuse(response)
    else respond(request, response)
  }
}

async function nodeRateLimiterFlexible(): Promise<RequestListener> {
  const { RateLimiterMemory } = await import('rate-limiter-flexible')
  const limiter = new RateLimiterMemory({ points: AMPLE, duration: HOUR / 1000 })
  return async (request, response) => {
    try {
      const { remainingPoints, msBeforeNext } = await limiter.consume(keyOf(request))
      response.setHeader('X-RateLimit-Limit', AMPLE)
      response.setHeader('X-RateLimit-Remaining', remainingPoints)
      response.setHeader('X-RateLimit-Reset', Math.ceil(msBeforeNext / 1000))
      respond(request, response)
    } catch {
      refuse(response)
    }
  }
}

function expressServer(limit?: express.RequestHandler): express.Express {
  const app = express()
  app.set('env', 'production')
  if (limit) app.use(limit)
  app.use(respond)
  return app
}

async function expressRateLimit(options: { standardHeaders?: 'draft-8' }): Promise<express.RequestHandler> {
  const { rateLimit: limit } = await import('express-rate-limit')
  const legacyHeaders = options.standardHeaders === undefined
  return limit({ windowMs: HOUR, limit: AMPLE, keyGenerator: keyOf, legacyHeaders, ...options })
}
