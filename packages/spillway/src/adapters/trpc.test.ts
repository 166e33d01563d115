import { createServer } from 'node:http'
import { createTRPCClient, httpLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import type { CreateFastifyContextOptions, FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import type { CreateHTTPContextOptions } from '@trpc/server/adapters/standalone'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import Fastify from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { listening } from '../../test/listening.js'
import { createGuard } from '../guard.js'
import { header } from '../identity/header.js'
import { memoryStore } from '../store/memory/memory.js'
import { send } from '../testing/raw-client.js'
import { RefusalCause, rateLimit, verdictOf } from './trpc.js'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const t = initTRPC.context<CreateHTTPContextOptions>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: { ...shape.data, ...(error.cause instanceof RefusalCause && { problem: error.cause.problem }) },
  }),
})

async function served(router: ReturnType<typeof t.router>): Promise<number> {
  const server = createServer(createHTTPHandler({ router, createContext: (context) => context }))
  const { port, close } = await listening(server)
  ends.push(close)
  return port
}

const rules = (path: string, quotas: string) => [{ name: 'all', path, quotas }]

describe('rateLimit of tRPC', () => {
  it('lets calls pass under fields, and refuses them with 429', async () => {
    const port = await served(
      t.router({ towns: t.procedure.use(rateLimit('1/minute', { name: 'towns' })).query(() => ['Ulm']) }),
    )
    expect(await send(port, '/towns')).toMatchObject({ status: 200, headers: { ratelimit: '"towns";r=0;t=60' } })
    const { status, headers, body } = await send(port, '/towns')
    expect({ status, headers }).toMatchObject({
      status: 429,
      headers: { 'retry-after': '60', 'cache-control': 'no-store' },
    })
    expect(JSON.parse(body).error).toMatchObject({
      message: '1 request per minute for this client. Try again in 1 minute.',
      data: { code: 'TOO_MANY_REQUESTS', problem: { 'retry-after': 60 } },
    })
  })

  it('tells a client of tRPC', async () => {
    const router = t.router({ towns: t.procedure.use(rateLimit('1/minute')).query(() => ['Ulm']) })
    const port = await served(router)
    const client = createTRPCClient<typeof router>({ links: [httpLink({ url: `http://127.0.0.1:${port}` })] })
    expect(await client.towns.query()).toEqual(['Ulm'])
    await expect(client.towns.query()).rejects.toMatchObject({ data: { code: 'TOO_MANY_REQUESTS', httpStatus: 429 } })
  })

  it('shows the rules of a guard where a procedure is, and what it does', async () => {
    const guard = createGuard({
      rules: [{ name: 'reads', path: '/towns/**', method: 'GET', quotas: '1/minute' }],
      store: memoryStore(),
    })
    const limited = t.procedure.use(rateLimit(guard))
    const port = await served(
      t.router({
        towns: t.router({ list: limited.query(() => []), add: limited.mutation(() => 1) }),
        free: limited.query(() => 1),
      }),
    )
    expect((await send(port, '/towns.list')).status).toBe(200)
    expect((await send(port, '/towns.list')).status).toBe(429)
    expect(
      (await send(port, '/towns.add', { method: 'POST', headers: { 'content-type': 'application/json' } })).status,
    ).toBe(200)
    expect((await send(port, '/free')).status).toBe(200)
  })

  it('counts each call of a batch', async () => {
    const limited = t.procedure.use(rateLimit('2/minute', { name: 'calls' }))
    const port = await served(t.router({ a: limited.query(() => 'a') }))
    const { status, body } = await send(port, '/a,a,a?batch=1')
    expect(status).toBe(207)
    expect(JSON.parse(body).filter((each: object) => 'error' in each)).toHaveLength(1)
  })

  it('tells of each limit once in the answer to a batch, as its last call left it', async () => {
    const limited = t.procedure.use(rateLimit('9/minute', { name: 'calls' }))
    const stricter = limited.use(rateLimit('2/minute', { name: 'orders' }))
    const port = await served(t.router({ a: limited.query(() => 'a'), b: stricter.query(() => 'b') }))
    const { headers } = await send(port, '/a,b,a,b,b?batch=1', { headers: { origin: 'http://a.example' } })
    expect(headers).toMatchObject({
      'ratelimit-policy': '"calls";q=9;w=60, "orders";q=2;w=60',
      ratelimit: '"calls";r=4;t=60, "orders";r=0;t=60',
      'access-control-expose-headers': 'RateLimit-Policy, RateLimit, RateLimit-Policy, RateLimit, Retry-After',
    })
  })

  it('shows a handler the verdict, and functions the call', async () => {
    const limited = t.procedure.use(
      rateLimit<CreateHTTPContextOptions>('1/minute', {
        by: ({ ctx }) => ctx.req.headers['x-user']?.toString(),
        exempt: ({ path }) => path === 'free',
      }),
    )
    const port = await served(
      t.router({ kind: limited.query(({ ctx }) => verdictOf(ctx)?.kind), free: limited.query(() => 'free') }),
    )
    for (const user of ['alice', 'bob']) {
      expect((await send(port, '/kind', { headers: { 'x-user': user } })).body).toContain('"allow"')
      expect((await send(port, '/kind', { headers: { 'x-user': user } })).status).toBe(429)
    }
    for (let i = 0; i < 2; i++) expect((await send(port, '/free')).status).toBe(200)
  })

  it('counts by what comes of a call', async () => {
    const charge = { when: 'response', on: ['5xx'] } as const
    const limited = t.procedure.use(rateLimit('1/minute', { charge }))
    const port = await served(
      t.router({
        fine: limited.query(() => 'fine'),
        broken: limited.query(() => {
          throw new Error('broken')
        }),
      }),
    )
    for (let i = 0; i < 3; i++) expect((await send(port, '/fine')).status).toBe(200)
    expect((await send(port, '/broken')).status).toBe(500)
    expect((await send(port, '/fine')).status).toBe(429)
  })

  it('fails a call whose cost is none', async () => {
    const port = await served(
      t.router({ a: t.procedure.use(rateLimit('9/minute', { cost: () => 0 })).query(() => 'a') }),
    )
    expect((await send(port, '/a')).status).toBe(500)
  })

  it('refuses whom nobody knows, or with an error of the application', async () => {
    const identity = [header({ name: 'x-api-key', groups: { good: 'admin' } })]
    const guard = createGuard({ rules: rules('/**', '9/minute'), identity, anonymous: 'deny', store: memoryStore() })
    const own = rateLimit(guard, { onDenied: ({ kind }) => new Error(`mine: ${kind}`) })
    const port = await served(
      t.router({ a: t.procedure.use(rateLimit(guard)).query(() => 'a'), b: t.procedure.use(own).query(() => 'b') }),
    )
    expect((await send(port, '/a')).status).toBe(401)
    expect((await send(port, '/a', { headers: { 'x-api-key': 'good' } })).status).toBe(200)
    expect((await send(port, '/b')).body).toContain('mine: unidentified')
  })

  it('reads requests of the Fetch standard, and writes to resHeaders', async () => {
    const fetching = initTRPC.context<{ req: Request; resHeaders: Headers }>().create()
    const router = fetching.router({
      a: fetching.procedure
        .use(rateLimit('1/minute', { address: ({ req }) => req.headers.get('x-peer') ?? undefined }))
        .query(() => 'a'),
    })
    const call = (peer: string) =>
      fetchRequestHandler({
        endpoint: '/trpc',
        req: new Request('http://a.example/trpc/a', { headers: { 'x-peer': peer } }),
        router,
        createContext: ({ req, resHeaders }) => ({ req, resHeaders }),
      })
    expect((await call('192.0.2.1')).headers.get('ratelimit')).toBe('"route";r=0;t=60')
    expect((await call('192.0.2.1')).status).toBe(429)
    expect((await call('192.0.2.2')).status).toBe(200)
  })

  it('reads requests of Fastify, and writes to its reply', async () => {
    const onFastify = initTRPC.context<CreateFastifyContextOptions>().create()
    const router = onFastify.router({ a: onFastify.procedure.use(rateLimit('1/minute')).query(() => 'a') })
    const trpcOptions: FastifyTRPCPluginOptions<typeof router>['trpcOptions'] = { router, createContext: (it) => it }
    const app = Fastify()
    app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions })
    const [first, second] = [await app.inject('/trpc/a'), await app.inject('/trpc/a')]
    expect([first.statusCode, first.headers.ratelimit]).toEqual([200, '"route";r=0;t=60'])
    expect([second.statusCode, second.headers['retry-after']]).toEqual([429, '60'])
    expect((await app.inject({ url: '/trpc/a', remoteAddress: '192.0.2.2' })).statusCode).toBe(200)
  })
})
