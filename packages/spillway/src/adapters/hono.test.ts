import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { describe, expect, it } from 'vitest'
import { listening } from '../../test/listening.js'
import { twoWebChunks } from '../../test/two-chunks.js'
import { createGuard } from '../guard.js'
import { memoryStore } from '../store/memory/memory.js'
import type { AdapterSetup } from '../testing/adapter-scene.js'
import { guessOptions, planLimit } from '../testing/adapter-scene.js'
import { adapterSuite } from '../testing/adapter-suite.js'
import type { HonoOptions } from './hono.js'
import { rateLimit, verdictOf } from './hono.js'

const hooks: HonoOptions = {
  onDenied: ({ kind }) => new Response(`denied: ${kind}`, { status: 429 }),
  onIdentityError: ({ code }) => new Response(`identity: ${code}`, { status: 401 }),
}

const address = (context: Context) => getConnInfo(context).remote.address
const plan = planLimit((context: Context, name) => context.req.header(name))

function application({ guard, hooks: hooked, resume }: AdapterSetup): Hono {
  const app = new Hono()
  app.use(rateLimit(guard, { address, ...(hooked && hooks) }))
  app.get('/ok', (c) => c.text('ok'))
  app.get('/verdict', (c) => c.text(verdictOf(c)?.kind ?? ''))
  app.post('/upload', async (c) => c.text(String((await c.req.arrayBuffer()).byteLength)))
  app.get('/stream', () => new Response(twoWebChunks(resume)))
  app.get('/throws', () => {
    throw new Error('thrown by the handler')
  })
  app.get('/hang', () => new Promise<Response>(() => undefined))
  app.get('/status/:status', (c) => new Response(null, { status: Number(c.req.param('status')) }))
  app.get('/plan', rateLimit(plan.limit, { ...plan.options, address }), (c) => c.text('ok'))
  app.get('/guess', rateLimit('2/minute', { ...guessOptions, address }), (c) => {
    return new Response(null, { status: Number(c.req.header('x-status') ?? 401) })
  })
  app.get('/login', rateLimit('2/minute', { name: 'login', address }), (c) => c.text('welcome'))
  app.onError((_, c) => c.text('failed', 500))
  return app
}

const served = (app: Hono) => listening(createAdaptorServer({ fetch: app.fetch }) as Server)

adapterSuite('Hono', (setup) => served(application(setup)))

describe('rateLimit of Hono on Node', () => {
  async function asked(app: Hono, ...requests: RequestInit[]): Promise<Response[]> {
    const server = await served(app)
    try {
      const responses: Response[] = []
      for (const request of requests) responses.push(await fetch(`http://127.0.0.1:${server.port}/`, request))
      return responses
    } finally {
      await server.close()
    }
  }

  it('tells of a limit that passed beside the one that refused', async () => {
    const app = new Hono()
      .use(rateLimit('9/minute', { name: 'app' }))
      .get('/', rateLimit('1/minute', { name: 'one' }), (c) => c.text('ok'))
    const [passed, refused] = await asked(app, {}, {})
    expect(passed?.headers.get('RateLimit')).toBe('"app";r=8;t=60, "one";r=0;t=60')
    expect(refused?.status).toBe(429)
    expect(refused?.headers.get('RateLimit')).toMatch(/^"app";r=7;t=\d+, "one";r=0;t=\d+$/)
    expect(refused?.headers.get('Cache-Control')).toBe('no-store')
  })

  it('tells the legacy fields, once each', async () => {
    const rules = [{ name: 'all', path: '/**', quotas: '1/minute' }]
    const app = new Hono()
      .use(rateLimit(createGuard({ rules, headers: 'legacy', store: memoryStore() })))
      .get('/', (c) => c.text('ok'))
    const [passed, refused] = await asked(app, {}, {})
    expect(passed?.headers.get('X-RateLimit-Remaining')).toBe('0')
    expect(refused?.headers.get('X-RateLimit-Remaining')).toBe('0')
  })

  it('exposes its fields beside those that the application exposes', async () => {
    const app = new Hono()
      .use(rateLimit('1/minute'), cors({ origin: '*', exposeHeaders: ['X-Total'] }))
      .get('/', (c) => c.text('ok'))
    const [response] = await asked(app, { headers: { origin: 'https://a.example' } })
    expect(response?.headers.get('Access-Control-Expose-Headers')).toBe('X-Total, RateLimit-Policy, RateLimit')
    expect(response?.headers.get('RateLimit')).toBe('"route";r=0;t=60')
  })
})

describe('rateLimit of Hono', () => {
  const once = () => rateLimit('1/minute')

  it('adds its fields to a response whose headers are immutable', async () => {
    const app = new Hono().use(once()).get('/', () => Response.redirect('http://api.example/elsewhere'))
    const response = await app.request('/')
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('http://api.example/elsewhere')
    expect(response.headers.get('RateLimit')).toBe('"route";r=0;t=60')
  })

  it('tells of several limits where the response has immutable headers', async () => {
    const app = new Hono()
      .use(rateLimit('9/minute', { name: 'app' }))
      .get('/', rateLimit('5/minute', { name: 'one' }), () => Response.redirect('http://api.example/'))
    expect((await app.request('/')).headers.get('RateLimit')).toBe('"one";r=4;t=60, "app";r=8;t=60')
  })

  it('refuses by its own fields, whatever middleware before it has said of the response', async () => {
    const app = new Hono()
      .use(cors({ origin: '*', exposeHeaders: ['X-Total'] }))
      .use((c, next) => {
        c.header('Cache-Control', 'public, max-age=3600')
        return next()
      })
      .get('/', once(), (c) => c.text('ok'))
    const ask = async () => (await app.request('/', { headers: { origin: 'https://a.example' } })).headers
    expect((await ask()).get('Cache-Control')).toBe('public, max-age=3600')
    const refused = await ask()
    expect(refused.get('Cache-Control')).toBe('no-store')
    expect(refused.get('Content-Type')).toBe('application/problem+json')
    expect(refused.get('Access-Control-Allow-Origin')).toBe('*')
    expect(refused.get('Access-Control-Expose-Headers')).toBe('X-Total, RateLimit-Policy, RateLimit, Retry-After')
  })

  it('limits a group of routes as a pool, and no other', async () => {
    const app = new Hono()
      .use('/api/*', once())
      .get('/api/a', (c) => c.text('a'))
      .get('/api/b', (c) => c.text('b'))
      .get('/c', (c) => c.text('c'))
    const statuses: number[] = []
    for (const path of ['/api/a', '/api/b', '/c', '/c']) statuses.push((await app.request(path)).status)
    expect(statuses).toEqual([200, 429, 200, 200])
  })

  it('shows rules the whole path in an application that is mounted', async () => {
    const guard = createGuard({
      rules: [{ name: 'towns', path: '/api/towns', quotas: '1/minute' }],
      store: memoryStore(),
    })
    const api = new Hono().use(rateLimit(guard)).get('/towns', (c) => c.text('ok'))
    const app = new Hono().route('/api', api)
    expect((await app.request('/api/towns')).status).toBe(200)
    expect((await app.request('/api/towns')).status).toBe(429)
  })

  it('leaves a binding alone that is called as the response on Node is', async () => {
    const app = new Hono().use(once()).get('/', (c) => c.text('ok'))
    const response = await app.request('/', {}, { outgoing: 'https://queue.example' })
    expect(response.headers.get('RateLimit')).toBe('"route";r=0;t=60')
  })

  it('counts all clients as one where the runtime tells no address', async () => {
    const app = new Hono().use(once()).get('/', (c) => c.text('ok'))
    expect((await app.request('/')).status).toBe(200)
    expect((await app.request('/')).status).toBe(429)
  })
})
