import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/fake-clock.js'
import type { Fetch } from './paced-fetch.js'
import { pacedFetch } from './paced-fetch.js'

describe('a refusal whose body breaks off', () => {
  it('is sent again like any other', async () => {
    const broken = () =>
      new ReadableStream({
        start: (controller) => controller.error(new Error('the connection broke')),
      })
    let count = 0
    const send: Fetch = async () =>
      count++ === 0 ? new Response(broken(), { status: 429, headers: { 'retry-after': '0' } }) : new Response('ok')
    const response = await pacedFetch({ fetch: send, clock: fakeClock() })('http://localhost/towns')
    expect([response.status, count]).toEqual([200, 2])
  })
})

describe('a call that fetch itself makes sense of', () => {
  const moments = fakeClock()
  const used = { headers: { ratelimit: '"all";r=0;t=10' } }
  const fetch = pacedFetch({ fetch: () => Promise.resolve(new Response('ok', used)), clock: moments, random: () => 0 })

  it('waits without the signal of a Request where the signal beside it is null', async () => {
    await fetch('http://localhost/towns')
    const leaving = new AbortController()
    const second = fetch(new Request('http://localhost/towns', { signal: leaving.signal }), { signal: null })
    leaving.abort()
    moments.advance('10s')
    expect((await second).status).toBe(200)
  })

  it('rejects, and never throws', async () => {
    const plain = pacedFetch()
    const nothing = plain(null as unknown as string)
    await expect(nothing).rejects.toThrow(TypeError)
    const noMethod = plain('http://127.0.0.1:1/', { method: 5 as unknown as string })
    await expect(noMethod).rejects.toThrow(TypeError)
  })
})
