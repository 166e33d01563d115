import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { twoChunks } from '../../test/two-chunks.js'
import { createGuard } from '../guard.js'
import { memoryStore } from '../store/memory/memory.js'
import type { AdapterServer, AdapterSetup } from '../testing/adapter-scene.js'
import { guessOptions, planLimit } from '../testing/adapter-scene.js'
import { adapterSuite } from '../testing/adapter-suite.js'
import type { FastifyHooks } from './fastify.js'
import { rateLimit, verdictOf } from './fastify.js'

const hooks: FastifyHooks = {
  onDenied: ({ kind }, _, reply) => reply.send(`denied: ${kind}`),
  onIdentityError: ({ code }, _, reply) => reply.send(`identity: ${code}`),
}

const plan = planLimit((request: FastifyRequest, name) => request.headers[name]?.toString())

function application({ guard, hooks: hooked, resume }: AdapterSetup): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true })
  app.register(rateLimit(guard, hooked ? hooks : {}))
  app.addContentTypeParser('*', (_, payload, done) => done(null, payload))
  app.get('/ok', async () => 'ok')
  app.get('/verdict', async (request) => verdictOf(request)?.kind)
  app.post('/upload', async (request) => String((await buffer(request.raw)).length))
  app.get('/stream', (_, reply) => reply.send(twoChunks(resume)))
  app.get('/throws', () => {
    throw new Error('thrown by the handler')
  })
  app.get('/hang', () => undefined)
  app.get<{ Params: { status: string } }>('/status/:status', (request, reply) => {
    reply.code(Number(request.params.status)).send()
  })
  app.get('/plan', { config: { rateLimit: { limit: plan.limit, ...plan.options } } }, async () => 'ok')
  app.get('/guess', { config: { rateLimit: { limit: '2/minute', ...guessOptions } } }, (request, reply) => {
    reply.code(Number(request.headers['x-status'] ?? 401)).send()
  })
  app.get('/login', { config: { rateLimit: { limit: '2/minute', name: 'login' } } }, async () => 'welcome')
  return app
}

async function served(app: FastifyInstance): Promise<AdapterServer> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
}

adapterSuite('Fastify', (setup) => served(application(setup)))

describe('rateLimit of Fastify', () => {
  const guard = () => createGuard({ rules: [{ name: 'all', path: '/**', quotas: '1/minute' }], store: memoryStore() })
  const statuses = async (app: FastifyInstance, ...urls: readonly string[]) => {
    const seen: number[] = []
    for (const url of urls) seen.push((await app.inject(url)).statusCode)
    return seen
  }

  it('limits the context that it is registered in, and those inside, and no other', async () => {
    const app = Fastify()
    app.get('/free', async () => 'free')
    app.register((group, _, done) => {
      group.register(rateLimit(guard()))
      group.get('/a', async () => 'a')
      group.register((inner, _options, ready) => {
        inner.get('/b', async () => 'b')
        ready()
      })
      done()
    })
    expect(await statuses(app, '/free', '/free', '/a', '/b')).toEqual([200, 200, 200, 429])
  })

  it('limits routes that were declared before it', async () => {
    const app = Fastify()
    app.get('/a', async () => 'a')
    app.get('/b', { config: { rateLimit: '1/minute' } }, async () => 'b')
    app.register(rateLimit('2/minute'))
    expect(await statuses(app, '/b', '/b')).toEqual([200, 429])
    expect(await statuses(app, '/a')).toEqual([429])
  })

  it('gives each route a pool of its own, GET and HEAD one', async () => {
    const app = Fastify()
    app.register(rateLimit('unlimited'))
    const config = { rateLimit: '1/minute' }
    app.get('/a', { config }, async () => 'a')
    app.post('/a', { config }, async () => 'a')
    app.get('/b', { config }, async () => 'b')
    expect(await statuses(app, '/a', '/b')).toEqual([200, 200])
    expect((await app.inject({ method: 'HEAD', url: '/a' })).statusCode).toBe(429)
    expect((await app.inject({ method: 'POST', url: '/a' })).statusCode).toBe(200)
  })

  it('gives versions of a route one pool where their limit is the same text, and each its own by objects', async () => {
    const app = Fastify()
    app.register(rateLimit('unlimited'))
    const limits = { '/a': () => '1/minute', '/b': () => ({ limit: '1/minute' }) }
    for (const [url, limit] of Object.entries(limits)) {
      for (const version of ['1.0.0', '2.0.0'])
        app.get(url, { constraints: { version }, config: { rateLimit: limit() } }, async () => version)
    }
    const status = async (url: string, version: string) =>
      (await app.inject({ url, headers: { 'accept-version': version } })).statusCode
    expect([await status('/a', '1.x'), await status('/a', '2.x')]).toEqual([200, 429])
    expect([await status('/b', '1.x'), await status('/b', '2.x'), await status('/b', '1.x')]).toEqual([200, 200, 429])
  })

  it('shares a pool between routes of one name on one store', async () => {
    const app = Fastify()
    const rateLimitOfUploads = { limit: '1/minute', name: 'uploads', store: memoryStore() }
    app.register(rateLimit('unlimited'))
    app.get('/a', { config: { rateLimit: rateLimitOfUploads } }, async () => 'a')
    app.get('/b', { config: { rateLimit: { ...rateLimitOfUploads } } }, async () => 'b')
    expect(await statuses(app, '/a', '/b')).toEqual([200, 429])
  })

  it('exempts a route that says so', async () => {
    const app = Fastify()
    app.register(rateLimit(guard()))
    app.get('/health', { config: { rateLimit: false } }, async () => 'fine')
    expect(await statuses(app, '/health', '/health', '/nowhere', '/nowhere')).toEqual([200, 200, 404, 429])
  })

  it('applies the limit of a route once where plugins are registered inside of one another', async () => {
    const app = Fastify()
    app.register(rateLimit('9/minute', { name: 'outer' }))
    app.register((group, _, done) => {
      group.register(rateLimit('9/minute', { name: 'inner' }))
      group.get('/a', { config: { rateLimit: { limit: '9/minute', name: 'own' } } }, async () => 'a')
      done()
    })
    const { headers } = await app.inject('/a')
    expect(headers.ratelimit).toBe('"outer";r=8;t=60, "own";r=8;t=60, "inner";r=8;t=60')
  })

  it('does not start where the limit of a route cannot be read', async () => {
    const app = Fastify()
    await app.register(rateLimit('unlimited'))
    expect(() => app.get('/a', { config: { rateLimit: '5/minit' } }, async () => 'a')).toThrow('minit')
  })

  it('says what the options of a route lack, such as those of @fastify/rate-limit', async () => {
    const app = Fastify()
    await app.register(rateLimit('unlimited'))
    const rateLimitOfOthers = { max: 3, timeWindow: '1 minute' } as unknown as string
    const declare = () => app.get('/a', { config: { rateLimit: rateLimitOfOthers } }, async () => 'a')
    expect(declare).toThrow("config.rateLimit: expected quotas, or { limit: '5/minute' } with options")
    app.get('/b', { config: { rateLimit: ['1/minute', '5/hour'] } }, async () => 'b')
    app.get('/c', { config: { rateLimit: guard() } }, async () => 'c')
    expect(await statuses(app, '/b', '/b', '/c', '/c')).toEqual([200, 429, 200, 429])
  })

  it('fails a route, declared before it, whose limit cannot be read', async () => {
    const app = Fastify()
    app.get('/a', { config: { rateLimit: '5/minit' } }, async () => 'a')
    app.register(rateLimit('unlimited'))
    expect(await statuses(app, '/a')).toEqual([500])
  })

  it('adds to the fields that others let a script read', async () => {
    const app = Fastify()
    app.addHook('onRequest', async (_, reply) => void reply.header('Access-Control-Expose-Headers', 'X-Page'))
    app.register(rateLimit(guard()))
    const { headers } = await app.inject({ url: '/', headers: { origin: 'https://a.example' } })
    expect(headers['access-control-expose-headers']).toBe('X-Page, RateLimit-Policy, RateLimit')
  })

  it.each([
    ['gives', () => ({ error: 'Slow down.' })],
    ['gives later', async () => ({ error: 'Slow down.' })],
    ['sends', async (_: unknown, _request: unknown, reply: FastifyReply) => reply.send({ error: 'Slow down.' })],
  ])('answers with what a hook %s, as it does of a handler', async (_, onDenied) => {
    const app = Fastify()
    app.register(rateLimit('1/minute', { onDenied }))
    app.get('/a', async () => 'a')
    expect(await statuses(app, '/a')).toEqual([200])
    const refused = await app.inject('/a')
    expect(refused.statusCode).toBe(429)
    expect(refused.json()).toEqual({ error: 'Slow down.' })
  })

  it('fails a request whose hook fails', async () => {
    const app = Fastify()
    app.register(
      rateLimit(guard(), {
        onDenied: () => Promise.reject(new Error('mine')),
      }),
    )
    expect(await statuses(app, '/', '/')).toEqual([404, 500])
  })
})
