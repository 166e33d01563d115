import { describe, expect, it } from 'vitest'
import { rateLimit } from '../adapters/fetch.js'
import { SECOND } from '../core/units.js'
import { createGuard } from '../guard.js'
import { memoryStore } from '../store/memory/memory.js'
import { fakeClock } from '../testing/fake-clock.js'
import type { Fetch } from './paced-fetch.js'
import { pacedFetch } from './paced-fetch.js'

/** A client of a server that gives these fields with every answer; and when each request came to it, in seconds. */
function told(headers: Readonly<Record<string, string>>) {
  const clock = fakeClock()
  const start = clock.now()
  const sent: number[] = []
  const send = () => {
    sent.push((clock.now() - start) / SECOND)
    return Promise.resolve(new Response('ok', { headers }))
  }
  const fetch = pacedFetch({ fetch: send, clock, random: () => 0, maxWait: '5m' })
  return { clock, sent, ask: (signal?: AbortSignal) => fetch('http://localhost/towns', { signal: signal ?? null }) }
}

describe('a request that is given up before its turn', () => {
  const NOTHING_LEFT = { ratelimit: '"all";r=0;t=10', 'ratelimit-policy': '"all";q=60;w=60' }

  it('does not put off those that come after it', async () => {
    const { clock, sent, ask } = told(NOTHING_LEFT)
    await ask()
    for (let i = 0; i < 40; i++) {
      const leaving = new AbortController()
      const given = ask(leaving.signal)
      leaving.abort()
      await expect(given).rejects.toMatchObject({ name: 'AbortError' })
    }
    const last = ask()
    clock.advance('10s')
    await last
    expect(sent).toEqual([0, 10])
  })

  it('leaves the others their turns', async () => {
    const { clock, sent, ask } = told(NOTHING_LEFT)
    await ask()
    const leaving = new AbortController()
    const [first, given] = [ask(), ask(leaving.signal)]
    leaving.abort()
    await expect(given).rejects.toMatchObject({ name: 'AbortError' })
    const last = ask()
    for (let i = 0; i < 11; i++) {
      clock.advance('1s')
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all([first, last])
    expect(sent).toEqual([0, 10, 11])
  })
})

it('thirty parallel requests get through a limit of ten without a refusal that could have been foreseen', async () => {
  const clock = fakeClock()
  const guard = createGuard({
    rules: [{ name: 'towns', path: '/towns', quotas: '10/10s' }],
    store: memoryStore({ clock }),
  })
  const limited = rateLimit(guard)(() => new Response('ok'))
  let refused = 0
  // Without a connection, which would take time that the clock knows nothing of.
  const send: Fetch = async (...request) => {
    const response = await limited(new Request(...request))
    if (response.status === 429) refused++
    return response
  }
  const fetch = pacedFetch({ clock, fetch: send })
  const ask = async () => (await fetch('http://localhost/towns')).status

  expect(await ask()).toBe(200)
  let over = false
  const all = Promise.all(Array.from({ length: 30 }, ask)).finally(() => {
    over = true
  })
  while (!over) {
    clock.advance('100ms')
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(new Set(await all)).toEqual(new Set([200]))
  expect(refused).toBeLessThanOrEqual(3)
})
