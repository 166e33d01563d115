import type { IncomingMessage } from 'node:http'
import { createServer, get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { listening } from '../../test/listening.js'
import { rateLimit as limitFetch } from '../adapters/fetch.js'
import { rateLimit } from '../adapters/node.js'
import { createGuard } from '../guard.js'
import { memoryStore } from '../store/memory/memory.js'
import type { ExpectedLimit, LimitAnswer } from './expect-limit.js'
import { expectLimit } from './expect-limit.js'
import { fakeClock } from './fake-clock.js'

/** An application behind a limit, in the Fetch standard: no server is needed. */
function app(quotas: string, respond = () => new Response('ok')) {
  const clock = fakeClock()
  const guard = createGuard({ rules: [{ name: 'towns', path: '/**', quotas }], store: memoryStore({ clock }) })
  const handle = limitFetch(guard)(respond)
  return { clock, send: () => handle(new Request('http://localhost/towns')) }
}

/** One answer again and again. */
const always =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response(null, { status, headers })

describe('what is as it was expected', () => {
  it('passes, and goes on after the clock does', async () => {
    const { clock, send } = app('5/12s')
    await expectLimit(send, { allows: 5, thenDenies: { retryAfter: 12 } })
    clock.advance('11s')
    await expectLimit(send, { allows: 0, thenDenies: { status: 429, retryAfter: 1 } })
    clock.advance('1s')
    await expectLimit(send, { allows: 5, thenDenies: {} })
  })

  it('may be an answer that the application itself refuses', async () => {
    await expectLimit(app('2/minute', () => new Response(null, { status: 401 })).send, { allows: 2, thenDenies: {} })
  })

  it('may be another status, or no Retry-After', async () => {
    await expectLimit(always(503, { 'retry-after': '1' }), { allows: 0, thenDenies: { status: 503, retryAfter: 1 } })
    await expectLimit(always(429), { allows: 0, thenDenies: { retryAfter: null } })
  })

  it('may come as a message of node:http, or as an object like one', async () => {
    const clock = fakeClock()
    const limit = rateLimit('3/minute', { store: memoryStore({ clock }) })
    const server = createServer((request, response) =>
      limit(request, response, () => response.end('x'.repeat(100_000))),
    )
    const { port, close } = await listening(server)
    const message = () =>
      new Promise<IncomingMessage>((resolve, reject) => get({ port, host: '127.0.0.1' }, resolve).on('error', reject))
    await expectLimit(message, { allows: 3, thenDenies: { retryAfter: 60 } })
    await close()
    await expectLimit(() => ({ statusCode: 429, headers: { 'retry-after': 7 } }), {
      allows: 0,
      thenDenies: { retryAfter: 7 },
    })
    const withHeaders = () => ({ statusCode: 429, headers: new Headers({ 'retry-after': '7' }) }) as never
    await expectLimit(withHeaders, { allows: 0, thenDenies: { retryAfter: 7 } })
  })

  it('may have been read before', async () => {
    const read = async () => {
      const response = new Response('ok')
      await response.text()
      return response
    }
    await expectLimit(read, { allows: 2 })
  })
})

describe('what is not', () => {
  it.each([
    [
      app('4/12s').send,
      { allows: 5 },
      'expected 5 requests to be allowed, but request 5 was answered 429 with Retry-After: 12',
    ],
    [
      app('6/12s').send,
      { allows: 5, thenDenies: {} },
      'expected request 6 to be refused with 429, but it was answered 200 without Retry-After',
    ],
    [
      app('5/60s').send,
      { allows: 5, thenDenies: { retryAfter: 12 } },
      'expected request 6 to be refused with Retry-After: 12, but it was answered 429 with Retry-After: 60',
    ],
    [
      always(429, { 'retry-after': '3' }),
      { allows: 0, thenDenies: { retryAfter: null } },
      'expected request 1 to be refused without Retry-After, but it was answered 429 with Retry-After: 3',
    ],
    [
      always(429),
      { allows: 0, thenDenies: { retryAfter: 3 } },
      'expected request 1 to be refused with Retry-After: 3, but it was answered 429 without Retry-After',
    ],
    [
      always(500),
      { allows: 1 },
      'expected 1 requests to be allowed, but request 1 was answered 500 without Retry-After',
    ],
    [
      always(503),
      { allows: 0, thenDenies: {} },
      'expected request 1 to be refused with 429, but it was answered 503 without Retry-After',
    ],
  ])('rejects with what was answered instead (%#)', async (send, expected, message) => {
    await expect(expectLimit(send, expected)).rejects.toThrow(message)
  })

  it('rejects with what sending rejects with', async () => {
    await expect(expectLimit(() => Promise.reject(new Error('no connection')), { allows: 1 })).rejects.toThrow(
      'no connection',
    )
  })

  it.each([{ allows: -1 }, { allows: 0.5 }, { allows: 0 }, { allows: Number.NaN }])(
    'is no expectation: %j',
    async (expected) => {
      await expect(expectLimit(always(200), expected)).rejects.toThrow(RangeError)
    },
  )

  it.each([
    [{ allows: 1, thenDenied: { retryAfter: 1 } }, 'there is no option "thenDenied", only allows, thenDenies'],
    [{ allows: 1, thenDenies: { retryafter: 1 } }, 'there is no option "retryafter", only status, retryAfter'],
    [{ allows: 1, thenDenies: true }, 'thenDenies: expected an object'],
    [undefined, 'expectLimit: expected an object'],
  ])('is misspelt: %j', async (expected, message) => {
    await expect(expectLimit(always(200), expected as unknown as ExpectedLimit)).rejects.toThrow(message)
  })

  it.each([undefined, {}, { headers: {} }, { status: 200 }, { status: () => 429, headers: new Headers() }])(
    'is no answer: %o',
    async (answer) => {
      await expect(expectLimit(() => answer as unknown as LimitAnswer, { allows: 1 })).rejects.toThrow(
        'send must give an answer with a status and headers',
      )
    },
  )
})
