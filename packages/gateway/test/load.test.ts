import { writeFile } from 'node:fs/promises'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sharedFolder } from './support/folder.js'
import { testGateway } from './support/gateway.js'
import { loadsIn } from './support/load.js'
import { socketServer, upstreamServer } from './support/servers.js'

const SECOND = 1_000_000

const folder = sharedFolder()
const { run, judged, policyFile } = loadsIn(folder)

const BY_ADDRESS = [{ ip: { trustedProxies: ['127.0.0.0/8'] } }]
const towns = (quotas: unknown) => ({ identity: BY_ADDRESS, rules: [{ name: 'towns', path: '/**', quotas }] })
const ok: RequestListener = (_request, response) => void response.end('ok')

/** A limiter of its own making: so many requests a second from each client, with a Retry-After of its choice. */
function wrongLimiter(limit: number, retryAfter: string): RequestListener {
  const clients = new Map<string, { since: number; count: number }>()
  return (request: IncomingMessage, response: ServerResponse) => {
    const name = String(request.headers['x-forwarded-for'])
    const now = performance.now()
    const known = clients.get(name)
    const client = known !== undefined && now - known.since < 1000 ? known : { since: now, count: 0 }
    clients.set(name, client)
    if (client.count++ < limit) return void response.end('ok')
    response.writeHead(429, { 'retry-after': retryAfter }).end()
  }
}

describe('a load on the gateway', () => {
  test.each([
    ['sliding-window', ['4/second', '9/2s']],
    ['fixed-window', { limit: 4, window: '1s', algorithm: 'fixed-window' }],
    ['token-bucket', { limit: 4, window: '1s', algorithm: 'token-bucket', burst: 2 }],
  ])('finds that all holds: %s', async (name, quotas) => {
    const upstream = await upstreamServer(ok)
    const gateway = await testGateway({ upstream: upstream.url, ...towns(quotas) })
    const policy = await policyFile(`${name}.json`, towns(quotas))
    const { code, result } = await judged(gateway.address.url, { policy, rate: 120, duration: 4 * SECOND })

    expect(result).toMatchObject({
      held: true,
      failed: 0,
      errors: 0,
      excesses: { count: 0 },
      judgedBy: { by: 'policy' },
    })
    expect(result.clients).toEqual({ count: 8, seen: 8, refusedAtFirst: 0 })
    expect(result.admitted + result.denied).toBe(result.sent)
    expect(Math.min(result.denied, result.retryAfter.kept)).toBeGreaterThan(0)
    expect(result.retryAfter).toMatchObject({ refusals: result.denied, untrue: 0 })
    expect(code).toBe(0)
  })

  test('judges by what the answers say of the quotas, where no policy is at hand', async () => {
    const upstream = await upstreamServer(ok)
    const gateway = await testGateway({ upstream: upstream.url, ...towns('4/2s') })
    const { code, result } = await judged(gateway.address.url)

    expect({ code, by: result.judgedBy }).toEqual({ code: 0, by: { by: 'fields' } })
    expect(result.excesses).toMatchObject({ watched: result.admitted, count: 0 })
  })

  test('says so where the clients are one to it', async () => {
    const upstream = await upstreamServer(ok)
    const policy = { ...towns('4/second'), identity: [{ ip: {} }] }
    const gateway = await testGateway({ upstream: upstream.url, ...policy })
    const file = await policyFile('untrusted.json', policy)
    const { out } = await run(gateway.address.url, { policy: file, duration: SECOND })

    expect(out).toContain('clients: the policy takes the 8 clients for 1 user')
    expect(out).toMatch(/clients: \d of 8 were refused at their very first request/)
    expect(out).toContain('verdict: all held')
  })

  test('sends targets in turn with method, headers and body, by keys of a file', async () => {
    const seen = new Set<string>()
    const { url } = await upstreamServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      seen.add(
        `${request.method} ${request.url} ${request.headers['x-api-key']} ${request.headers['x-tenant']} ${body}`,
      )
      response.end('ok')
    })
    await writeFile(join(folder, 'keys'), 'a\nb\n')
    await writeFile(join(folder, 'body'), 'hello')
    const { code, result } = await judged(url, {
      ...{ clients: 2, keys: join(folder, 'keys'), duration: SECOND / 2 },
      ...{
        method: 'POST',
        header: ['x-tenant: one'],
        body: `@${join(folder, 'body')}`,
        path: ['/towns?x=1', '//forests'],
      },
    })

    expect([...seen].sort()).toEqual([
      'POST //forests a one hello',
      'POST //forests b one hello',
      'POST /towns?x=1 a one hello',
      'POST /towns?x=1 b one hello',
    ])
    expect({ code, sent: result.sent, statuses: result.statuses }).toEqual({ code: 0, sent: 50, statuses: { 200: 50 } })
  })

  test('tells what the limiter adds to the service without it', async () => {
    const service = await upstreamServer(ok)
    const limiter = await upstreamServer((_request, response) => void setTimeout(() => response.end('ok'), 40))
    const { result } = await judged(limiter.url, { baseline: service.url, duration: SECOND })

    expect(result.latencies.baseline?.count).toBeGreaterThan(90)
    expect(result.cost?.p50).toBeGreaterThan(20_000)
  })
})

describe('a load on a limiter that is wrong', () => {
  const limits = { limit: 4, window: '1s' }

  test('catches one unit more than the policy allows, and says who got it', async () => {
    const { url } = await upstreamServer(wrongLimiter(5, '1'))
    const policy = await policyFile('sliding.json', towns(limits))
    const { code, out } = await run(url, { policy })

    expect(code).toBe(3)
    expect(out).toMatch(/quotas: MORE THAN ALLOWED was admitted \d+ times?/)
    expect(out).toMatch(
      / {2}198\.51\.100\.\d, GET \/: \d+ units within 0\.\d+ s, at most 4 are allowed by towns: 4\/second/,
    )
    expect(out).toContain('verdict: NOT all held')
  })

  test.each([
    ['refuses again when the time has come', 'too-short', '0'],
    ['lets through long before the time has come', 'too-long', '30'],
  ])('catches a Retry-After that %s', async (_, what, retryAfter) => {
    const { url } = await upstreamServer(wrongLimiter(2, retryAfter))
    const policy = await policyFile('generous.json', towns('1000/second'))
    const { code, result } = await judged(url, { policy })

    expect(code).toBe(3)
    expect(result).toMatchObject({ held: false, excesses: { count: 0 } })
    expect(result.retryAfter.first).toContainEqual(expect.objectContaining({ what, told: Number(retryAfter) * SECOND }))
  })
})

describe('a load', () => {
  test('is sent on time while the server stalls, and counts the wait of each request', async () => {
    let stalledUntil = 0
    const { url } = await upstreamServer((_request, response) => {
      if (stalledUntil === 0) stalledUntil = performance.now() + 1_000
      setTimeout(() => response.end('ok'), stalledUntil - performance.now())
    })
    const { result } = await judged(url, { duration: 2 * SECOND })

    expect(result).toMatchObject({ sent: 200, admitted: 200 })
    // Half of all came while it stalled: a sender that waits for answers would have seen one slow request, or eight.
    expect(result.latencies.admitted?.max).toBeGreaterThan(900_000)
    expect(result.latencies.admitted?.p90).toBeGreaterThan(600_000)
  })

  test('ends early by a signal, with the verdict on what was sent', async () => {
    const { url } = await upstreamServer(ok)
    const leaving = new AbortController()
    let count = 0
    const counting = await upstreamServer((_request, response) => {
      if (++count === 20) leaving.abort()
      response.end('ok')
    })
    const { code, result } = await judged(counting.url, { duration: 60 * SECOND, baseline: url }, leaving.signal)

    expect({ code, ended: result.ended }).toEqual({ code: 0, ended: 'signal' })
    expect(result.took).toBeLessThan(30 * SECOND)
  })

  test('tells that nobody listens, and gives up', async () => {
    const { server, url } = await upstreamServer(ok)
    await new Promise((resolve) => server.close(resolve))
    const { code, out, err } = await run(url, { duration: 60 * SECOND })

    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^1(\.\d)? s: admitted 0, /),
      `spillway: ${url} does not answer: ECONNREFUSED`,
    ])
  })

  test('tells that there is no HTTP where there is none', async () => {
    const url = await socketServer((socket) => void socket.end('hello'))
    const { code, err } = await run(url, { duration: SECOND / 2 })
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/does not answer: HTTPParserError/),
    })
  })

  test.each(['http://192.0.2.1/', 'http://[2001:db8::1]:8080/'])('goes to no other machine: %s', async (elsewhere) => {
    let asked = 0
    const { url } = await upstreamServer((_request, response) => {
      asked++
      response.end()
    })
    for (const [target, baseline] of [
      [elsewhere, url],
      [url, elsewhere],
    ] as const) {
      const { code, err } = await run(target, { baseline })
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('is not a loopback address') })
    }
    expect(asked).toBe(0)
  })

  test.each([
    [{ header: ['nonsense'] }, 2, '--header number 1 is not of the form'],
    [{ method: 'GET /' }, 2, 'the method is a word'],
    [{ path: ['towns'] }, 2, '--path takes a path as on the request line, such as /towns?x=1, not "towns"'],
    [{ clients: 1_000, clientAddress: '10.0.0.0/24' }, 2, '10.0.0.0/24 has 254 addresses'],
    [{ clientAddress: '10.0.0.0' }, 2, '"10.0.0.0" is no range of addresses'],
    [{ clientAddress: '10.0.0.0/24', clientHeader: 'x-api-key: {n}' }, 2, 'not by both'],
    [{ clientHeader: 'x-api-key: mia' }, 2, '--client-header needs {n}'],
    [{ keys: '/nowhere', clientHeader: 'x-api-key: {n}' }, 2, '--client-header needs {key}'],
    [{ keys: '/nowhere' }, 1, 'the keys cannot be read'],
    [{ body: '@/nowhere' }, 1, 'the body cannot be read'],
    [{ policy: '/nowhere.yaml' }, 1, '/nowhere.yaml'],
  ])('that is asked for wrongly is a fault: %j', async (options, exit, message) => {
    const { code, err } = await run('http://127.0.0.1:1/', options)
    expect({ code, err }).toEqual({ code: exit, err: expect.stringContaining(message) })
  })
})
