import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { listening } from '../../test/listening.js'
import { rateLimit } from '../adapters/node.js'
import type { Micros } from '../core/units.js'
import { SECOND } from '../core/units.js'
import type { InlineGuardOptions } from '../guard.js'
import { createGuard } from '../guard.js'
import { memoryStore } from '../store/memory/memory.js'
import { fakeClock } from '../testing/fake-clock.js'
import type { PacedFetchOptions } from './paced-fetch.js'
import { pacedFetch } from './paced-fetch.js'

const servers: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** A real server, and what came to it. */
async function serving(handler: Handler) {
  const seen: string[] = []
  const server = await listening(
    createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      handler(request, response, body)
      response.on('finish', () =>
        seen.push(`${request.method} ${request.url} ${body} ${response.statusCode}`.replace(/ +/g, ' ')),
      )
    }),
  )
  servers.push(server)
  return { origin: `http://127.0.0.1:${server.port}`, seen }
}

/** A clock on which nobody waits: who would sleep is woken at once, at the time that was slept for. */
function hurriedClock() {
  const clock = fakeClock()
  const waits: number[] = []
  const wake = (span: Micros, ring: () => void) => {
    waits.push(span / SECOND)
    clock.advance(span)
    queueMicrotask(ring)
    return () => undefined
  }
  return { now: clock.now, wake, waits }
}

/** A server behind a guard of ours, and a client of it, on one clock. */
async function limited(policy: Pick<InlineGuardOptions, 'rules' | 'headers'>, options: PacedFetchOptions = {}) {
  const clock = hurriedClock()
  const limit = rateLimit(createGuard({ ...policy, store: memoryStore({ clock }) }))
  const server = await serving((request, response) => limit(request, response, () => response.end('ok')))
  return { ...server, waits: clock.waits, fetch: pacedFetch({ clock, random: () => 0, ...options }) }
}

/** A server that gives these answers one after the other, the last one again and again, and a client of it. */
async function answering(...answers: { status?: number; headers?: Record<string, string> }[]) {
  const clock = hurriedClock()
  let count = 0
  const server = await serving((_, response) => {
    const { status = 200, headers = {} } = answers[Math.min(count++, answers.length - 1)]!
    response.writeHead(status, headers).end('ok')
  })
  const client = (options: PacedFetchOptions = {}) => pacedFetch({ clock, random: () => 0, ...options })
  return { ...server, waits: clock.waits, client, fetch: client() }
}

const towns = (quotas: string) => ({ rules: [{ name: 'towns', path: '/towns', quotas }] })
const REFUSED = { status: 429, headers: { 'retry-after': '9' } }

describe('a client of a limited server', () => {
  it.each(['draft', 'legacy'] as const)('waits before it is refused, told by %s fields', async (headers) => {
    const { origin, seen, waits, fetch } = await limited({ ...towns('3/minute'), headers })
    for (let i = 0; i < 7; i++) expect((await fetch(`${origin}/towns`)).status).toBe(200)
    expect(seen).toEqual(new Array(7).fill('GET /towns 200'))
    expect(waits).toEqual([60, 60])
  })

  it('spreads what little is left over the time until there is more', async () => {
    const { origin, seen, waits, fetch } = await limited(towns('10/minute'))
    for (let i = 0; i < 11; i++) await fetch(`${origin}/towns`)
    expect(waits).toEqual([20, 20, 20])
    expect(seen).toEqual(new Array(11).fill('GET /towns 200'))
  })

  it('sends what was refused again after Retry-After, where no field tells more', async () => {
    const { origin, seen, waits, fetch } = await limited({ ...towns('1/minute'), headers: 'none' })
    await fetch(`${origin}/towns`)
    const response = await fetch(`${origin}/towns`)
    expect([response.status, await response.text()]).toEqual([200, 'ok'])
    expect(seen).toEqual(['GET /towns 200', 'GET /towns 429', 'GET /towns 200'])
    expect(waits).toEqual([60])
  })

  it('does not hold back what other policies limit, once it has seen that they do', async () => {
    const rules = [...towns('1/minute').rules, { name: 'forests', path: '/forests', quotas: '9/minute' }]
    const { origin, waits, fetch } = await limited({ rules })
    await fetch(`${origin}/forests`)
    await fetch(`${origin}/towns`)
    for (let i = 0; i < 3; i++) await fetch(`${origin}/forests`)
    expect(waits).toEqual([])
    await fetch(`${origin}/towns?again`)
    expect(waits).toEqual([60])
  })

  it('holds back the whole origin by a policy that every answer has named, and no other origin', async () => {
    const { origin, waits, fetch } = await limited({ rules: [{ name: 'all', path: '/**', quotas: '1/minute' }] })
    const other = await answering({})
    await fetch(`${origin}/towns`)
    await fetch(other.origin)
    expect(waits).toEqual([])
    await fetch(`${origin}/forests`)
    expect(waits).toEqual([60])
  })
})

describe('a redirect to another origin', () => {
  it('tells of the limits of that one, and holds nothing back but what leads there', async () => {
    const other = await answering({ headers: { ratelimit: '"other";r=0;t=9' } }, REFUSED, {})
    const { origin, seen } = await serving(({ url }, response) =>
      response.writeHead(url === '/towns' ? 302 : 200, { location: other.origin }).end(),
    )
    await other.fetch(`${origin}/towns`)
    await other.fetch(`${origin}/forests`)
    expect(other.waits).toEqual([])
    await other.fetch(`${origin}/towns`)
    expect(other.waits).toEqual([9])
    expect(seen).toHaveLength(4)
  })
})

describe('a refusal', () => {
  it('is resolved with after so many retries', async () => {
    const { origin, seen, client, waits } = await answering(REFUSED)
    expect((await client({ retries: 3 })(origin)).status).toBe(429)
    expect(seen).toHaveLength(4)
    expect(waits).toEqual([9, 9, 9])
    expect((await client({ retries: 0 })(origin)).status).toBe(429)
    expect(seen).toHaveLength(5)
  })

  it('is resolved with at once, whole, where the wait would be longer than maxWait', async () => {
    const { origin, seen, client, waits } = await answering(REFUSED)
    const response = await client({ maxWait: '8999ms' })(origin)
    expect([response.status, await response.text()]).toEqual([429, 'ok'])
    expect([seen.length, waits]).toEqual([1, []])
  })

  it.each([
    ['a 429 that says nothing', { status: 429 }],
    ['a 429 with a malformed Retry-After', { status: 429, headers: { 'retry-after': 'soon' } }],
    ['a 429 whose policies have units left', { status: 429, headers: { ratelimit: '"a";r=4;t=9' } }],
    ['an absurd wait', { status: 429, headers: { 'retry-after': '9'.repeat(400) } }],
    ['a 503 without Retry-After', { status: 503, headers: { ratelimit: '"a";r=0;t=9' } }],
    ['another status', { status: 403, headers: { 'retry-after': '9' } }],
    ['an answer out of a cache', { status: 429, headers: { 'retry-after': '9', age: '1' } }],
  ])('is not tried again where waiting may not help: %s', async (_, answer) => {
    const { origin, seen, waits, fetch } = await answering(answer)
    await fetch(origin)
    expect([seen.length, waits]).toEqual([1, []])
  })

  it('is tried again after the reset of what is used up, where it has no Retry-After', async () => {
    const { origin, waits, fetch } = await answering(
      { status: 429, headers: { ratelimit: '"a";r=0;t=7, "b";r=1;t=9' } },
      {},
    )
    expect((await fetch(origin)).status).toBe(200)
    expect(waits).toEqual([7])
  })

  it('has a Retry-After that comes before the reset', async () => {
    const { origin, waits, fetch } = await answering(
      { status: 429, headers: { ratelimit: '"a";r=0;t=7', 'retry-after': '9' } },
      {},
    )
    await fetch(origin)
    expect(waits).toEqual([9])
  })

  it('of 503 is tried again for a method that may be repeated, and for no other', async () => {
    const { origin, seen, fetch } = await answering({ status: 503, headers: { 'retry-after': '1' } })
    await fetch(origin, { method: 'PUT', body: 'a' })
    expect(seen.splice(0)).toEqual(new Array(3).fill('PUT / a 503'))
    await fetch(origin, { method: 'post', body: 'a' })
    expect(seen).toEqual(['POST / a 503'])
  })
})

describe('a body', () => {
  const bodies: [string, () => NonNullable<RequestInit['body']>][] = [
    ['a text', () => 'a=1'],
    ['bytes', () => new TextEncoder().encode('a=1')],
    ['a form', () => new URLSearchParams({ a: '1' })],
    ['a blob', () => new Blob(['a=1'])],
  ]

  it.each(bodies)('that is %s is sent again', async (_, body) => {
    const { origin, seen, fetch } = await answering(REFUSED, {})
    expect((await fetch(origin, { method: 'POST', body: body() })).status).toBe(200)
    expect(seen).toEqual(['POST / a=1 429', 'POST / a=1 200'])
  })

  it('that is a stream is not', async () => {
    const { origin, seen, fetch } = await answering(REFUSED)
    const body = new Blob(['a']).stream()
    expect((await fetch(origin, { method: 'POST', body, duplex: 'half' } as RequestInit)).status).toBe(429)
    expect((await fetch(new Request(origin, { method: 'POST', body: 'b' }))).status).toBe(429)
    expect(seen).toEqual(['POST / a 429', 'POST / b 429'])
  })

  it('that a Request has not lets it be sent again', async () => {
    const { origin, seen, fetch } = await answering(REFUSED, {})
    expect((await fetch(new Request(`${origin}/towns`, { method: 'DELETE' }))).status).toBe(200)
    expect(seen).toEqual(['DELETE /towns 429', 'DELETE /towns 200'])
  })
})

describe('a wait', () => {
  it('ends with the signal, and nothing is sent', async () => {
    const { origin, seen } = await answering(REFUSED)
    const clock = fakeClock()
    const leaving = new AbortController()
    const reason = new Error('changed my mind')
    const wake: typeof clock.wake = (...alarm) => {
      queueMicrotask(() => leaving.abort(reason))
      return clock.wake(...alarm)
    }
    const fetch = pacedFetch({ clock: { ...clock, wake } })
    await expect(fetch(origin, { signal: leaving.signal })).rejects.toBe(reason)
    await expect(fetch(new Request(origin, { signal: leaving.signal }))).rejects.toBe(reason)
    expect(seen).toHaveLength(1)
  })

  it('is longer by a jitter of up to a quarter, of 5 seconds, and never shorter or beyond maxWait', async () => {
    const { origin, client, waits } = await answering(
      REFUSED,
      {},
      { status: 429, headers: { 'retry-after': '50' } },
      {},
      REFUSED,
      {},
    )
    await client({ random: () => 0.5 })(origin)
    await client({ random: () => 0.9 })(origin)
    await client({ random: () => 1, maxWait: '10s' })(origin)
    expect(waits).toEqual([9 + 1.125, 50 + 4.5, 10])
  })

  it('is none where the server’s figures are those of a cached answer', async () => {
    const { origin, fetch, waits } = await answering({ headers: { ratelimit: '"a";r=0;t=9', age: '5' } })
    await fetch(origin)
    await fetch(origin)
    expect(waits).toEqual([])
  })

  it('is none where it would be longer than maxWait: the server is asked instead', async () => {
    const { origin, client, waits, seen } = await answering({ headers: { ratelimit: '"a";r=0;t=3600' } })
    const fetch = client()
    await fetch(origin)
    await fetch(origin)
    expect([seen.length, waits]).toEqual([2, []])
  })
})

describe('what is wrong with a call', () => {
  it.each([
    { retries: -1 },
    { retries: 0.5 },
    { retries: Number.NaN },
    { maxWait: -1 },
    { maxWait: Number.POSITIVE_INFINITY },
  ])('is told at construction: %j', (options) => {
    expect(() => pacedFetch(options)).toThrow(RangeError)
  })

  it('is told of an option that there is none of', () => {
    const misspelt = { maxRetries: 3 }
    expect(() => pacedFetch(misspelt as PacedFetchOptions)).toThrow(/no option "maxRetries"/)
  })

  it('is told by fetch itself, as is a server that is not there', async () => {
    const fetch = pacedFetch()
    await expect(fetch('/towns')).rejects.toThrow(TypeError)
    await expect(fetch('http://127.0.0.1:1/')).rejects.toThrow(TypeError)
  })
})
