import { expect, it } from 'vitest'
import { createLimiter } from '../limiter.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'
import { fakeClock } from '../testing/fake-clock.js'

const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve))

/** A store whose answers come a turn of the event loop after it has decided. */
const slow = (memory: Store): Store => ({
  ...memory,
  async decide(charges) {
    const decisions = await memory.decide(charges)
    await turnOfTheLoop()
    return decisions
  },
})

it('who leaves while a charge is on its way holds up nobody who comes then', async () => {
  const clock = fakeClock()
  const limiter = createLimiter({ quotas: '1/minute', store: slow(memoryStore({ clock })), clock })
  const leaving = new AbortController()
  const given = limiter.wait('api', { signal: leaving.signal })
  leaving.abort()
  await expect(given).rejects.toMatchObject({ name: 'AbortError' })

  let served = false
  limiter.wait('api').then(() => {
    served = true
  })
  for (let i = 0; i < 5; i++) await turnOfTheLoop()
  expect(served).toBe(true)
})
