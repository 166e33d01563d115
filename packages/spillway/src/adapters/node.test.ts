import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { listening } from '../../test/listening.js'
import { StoreError } from '../core/decision.js'
import { QuotaSyntaxError } from '../core/duration.js'
import { createGuard } from '../guard.js'
import { clientIp } from '../identity/client-ip.js'
import { header } from '../identity/header.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'
import type { AdapterSetup } from '../testing/adapter-scene.js'
import { guessOptions, planLimit } from '../testing/adapter-scene.js'
import { adapterSuite } from '../testing/adapter-suite.js'
import { send } from '../testing/raw-client.js'
import type { NodeHooks, NodeMiddleware } from './node.js'
import { rateLimit, verdictOf } from './node.js'

const hooks: NodeHooks = {
  onDenied: ({ kind }, _, response) => response.end(`denied: ${kind}`),
  onIdentityError: ({ code }, _, response) => response.end(`identity: ${code}`),
}

const plan = planLimit((request: IncomingMessage, name) => request.headers[name]?.toString())

/** Limits that stand before a route, besides the guard. */
function routeLimits(): ReadonlyMap<string, NodeMiddleware> {
  return new Map([
    ['/login', rateLimit('2/minute', { name: 'login' })],
    ['/plan', rateLimit(plan.limit, plan.options)],
    ['/guess', rateLimit('2/minute', guessOptions)],
  ])
}

adapterSuite('node:http', (setup) => {
  const limit = rateLimit(setup.guard, setup.hooks ? hooks : {})
  const limits = routeLimits()
  return listening(
    createServer((request, response) => {
      const fail = (error: unknown) => {
        response.statusCode = 500
        response.end(String(error))
      }
      const answer = (error?: unknown) => {
        if (error !== undefined) fail(error)
        else handle(request, response, setup).catch(fail)
      }
      limit(request, response, (error) => {
        const ofRoute = limits.get(request.url ?? '')
        if (error !== undefined || ofRoute === undefined) answer(error)
        else ofRoute(request, response, answer)
      })
    }),
  )
})

async function handle(request: IncomingMessage, response: ServerResponse, { resume }: AdapterSetup): Promise<unknown> {
  const [, status] = /^\/status\/(\d+)$/.exec(request.url ?? '') ?? []
  if (status !== undefined) return response.writeHead(Number(status)).end()
  switch (request.url) {
    case '/login':
      return response.end('welcome')
    case '/guess':
      return response.writeHead(Number(request.headers['x-status'] ?? 401)).end()
    case '/ok':
    case '/plan':
      return response.end('ok')
    case '/verdict':
      return response.end(verdictOf(request)?.kind)
    case '/upload':
      return response.end(String((await buffer(request)).length))
    case '/stream':
      response.write('one')
      await resume
      return response.end('two')
    case '/throws':
      throw new Error('thrown by the handler')
    case '/hang':
      return undefined
    default:
      response.statusCode = 404
      return response.end()
  }
}

describe('rateLimit of node:http', () => {
  const rules = [{ name: 'all', path: '/**', quotas: '1/minute' }]

  it('reads both lines of a header that Node would cut to the first', async () => {
    const keys = header({ name: 'authorization', groups: { good: 'admin' } })
    const guard = createGuard({ rules, identity: [keys, clientIp()], store: memoryStore() })
    const limit = rateLimit(guard)
    const server = createServer((request, response) => limit(request, response, () => response.end(kindOf(request))))
    const { port, close } = await listening(server)
    const twice = { authorization: ['good', 'evil'] as unknown as string }
    expect((await send(port, '/', { headers: { authorization: 'good' } })).body).toBe('key')
    expect((await send(port, '/', { headers: twice })).body).toBe('ip')
    await close()
  })

  it('reads the headers of a request that no socket brought', () => {
    const keys = header({ name: 'x-api-key', groups: { good: 'admin' } })
    const limit = rateLimit(createGuard({ rules, identity: [keys], store: memoryStore() }))
    const request = new IncomingMessage(new Socket())
    Object.assign(request, { method: 'GET', url: '/', headers: { 'x-api-key': 'good' } })
    limit(request, new ServerResponse(request), (error) => expect(error).toBeUndefined())
    expect(verdictOf(request)).toMatchObject({ identity: { kind: 'key', group: 'admin' } })
  })

  it('adds to what was exposed to other origins before, and to the fields of a limit before it', async () => {
    const outer = rateLimit('9/minute', { name: 'outer' })
    const inner = rateLimit('5/minute', { name: 'inner' })
    const server = createServer((request, response) => {
      response.setHeader('Access-Control-Expose-Headers', 'ETag')
      outer(request, response, () => inner(request, response, () => response.end()))
    })
    const { port, close } = await listening(server)
    const { headers } = await send(port, '/', { headers: { origin: 'https://a.example' } })
    expect(headers).toMatchObject({
      'access-control-expose-headers': 'ETag, RateLimit-Policy, RateLimit, RateLimit-Policy, RateLimit',
      'ratelimit-policy': '"outer";q=9;w=60, "inner";q=5;w=60',
    })
    await close()
  })

  it('lets what a handler throws go by, once', async () => {
    const limit = rateLimit('9/minute')
    const calls: unknown[] = []
    const server = createServer((request, response) => {
      try {
        limit(request, response, (error) => {
          calls.push(error)
          throw new Error('mine')
        })
      } catch (error) {
        response.end(String(error))
      }
    })
    const { port, close } = await listening(server)
    expect((await send(port, '/')).body).toBe('Error: mine')
    expect(calls).toEqual([undefined])
    await close()
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['rejects with', () => Promise.reject(new Error('mine'))],
  ])('gives next what a hook %s, with a status of 500', async (_, onDenied) => {
    const limit = rateLimit('1/minute', { onDenied })
    const server = createServer((request, response) => limit(request, response, (error) => response.end(String(error))))
    const { port, close } = await listening(server)
    expect(await send(port, '/')).toMatchObject({ status: 200, body: 'undefined' })
    expect(await send(port, '/')).toMatchObject({ status: 500, body: 'Error: mine' })
    await close()
  })

  it('waits for a hook that answers later', async () => {
    const limit = rateLimit('1/minute', {
      onDenied: async ({ kind }, _, response) => {
        await Promise.resolve()
        response.end(kind)
      },
    })
    const server = createServer((request, response) => limit(request, response, () => response.end()))
    const { port, close } = await listening(server)
    expect(await send(port, '/')).toMatchObject({ status: 200 })
    expect(await send(port, '/')).toMatchObject({ status: 429, body: 'deny' })
    await close()
  })

  it('takes options of a route only with quotas, and a second limit on one store only with a name', () => {
    const store = memoryStore()
    const guard = createGuard({ rules, store })
    expect(() => rateLimit(guard, { name: 'login' })).toThrow(TypeError)
    expect(() => rateLimit('five a minute', { store })).toThrow(QuotaSyntaxError)
    rateLimit('5/minute', { store })
    expect(() => rateLimit('5/minute', { store })).toThrow(/give each a name/)
    expect(() => rateLimit('5/minute', { store, name: 'login' })).not.toThrow()
  })

  it('refuses options that it would not heed, and what is no store', () => {
    const misspelt = { onDenyed: () => undefined, name: 'login' }
    expect(() => rateLimit('5/minute', misspelt)).toThrow(/no option "onDenyed", only name, store/)
    const client = { get: () => undefined } as unknown as Store
    expect(() => rateLimit('5/minute', { store: client })).toThrow(/store: expected a store/)
  })

  it.each([
    ['local', [200, 429]],
    ['allow', [200, 200]],
    ['deny', [503, 503]],
  ] as const)('goes by onStoreFailure %s on a route while its store fails', async (onStoreFailure, statuses) => {
    const failing = { ...memoryStore(), decide: () => Promise.reject(new StoreError('ERR_MINE', 'it is away')) }
    const limit = rateLimit('1/minute', { name: 'login', store: failing, onStoreFailure })
    const server = createServer((request, response) => limit(request, response, () => response.end()))
    const { port, close } = await listening(server)
    expect([(await send(port, '/')).status, (await send(port, '/')).status]).toEqual(statuses)
    await close()
  })

  it.each([
    ['onStoreFailure', { onStoreFailure: 'open' }, 'rateLimit: onStoreFailure: expected "local" or "allow" or "deny"'],
    ['by', { by: 'ip' }, 'rateLimit: by: expected a function, not "ip"'],
    ['exempt', { exempt: true }, 'rateLimit: exempt: expected a function, not true'],
    ['a hook', { onDenied: 'Slow down.' }, 'rateLimit: onDenied: expected a function, not "Slow down."'],
    ['identity', { identity: clientIp() }, 'rateLimit: identity: expected a list of sources'],
    ['a source', { identity: [{ ip: {} }] }, 'rateLimit: identity: expected a list of sources'],
    ['charge', { charge: 'response' }, 'charge: expected an object of options'],
    ['a key of charge', { charge: { when: 'response', on: 401, costs: 5 } }, 'charge: there is no option "costs"'],
  ])('refuses what would fail each request, or be no limit, as %s', (_, options, message) => {
    expect(() => rateLimit('5/minute', options as object)).toThrow(message)
  })

  it('refuses null, which is no limit', () => {
    expect(() => rateLimit(null as unknown as string)).toThrow('quotas must be text such as 10/minute')
  })
})

function kindOf(request: IncomingMessage): string | undefined {
  const verdict = verdictOf(request)
  return verdict?.kind === 'allow' ? verdict.identity.kind : undefined
}
