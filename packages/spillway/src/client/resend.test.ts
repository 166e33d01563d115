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
