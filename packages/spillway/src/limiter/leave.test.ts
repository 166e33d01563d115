import { expect, it } from 'vitest'
import { StoreError } from '../core/decision.js'
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

/** The same, where units cannot be given back. */
const withoutRefund = (memory: Store): Store => ({
  ...slow(memory),
  refund() {
    throw new StoreError('ERR_SPILLWAY_TEST', 'down')
  },
})

it.each([
  ['holds up nobody who comes then', slow, '1/minute'],
  ['holds up nobody either where the store throws as it gives the units back', withoutRefund, '2/minute'],
])('who leaves while a charge is on its way %s', async (_, storeOf, quotas) => {
  const clock = fakeClock()
  const limiter = createLimiter({ quotas, store: storeOf(memoryStore({ clock })), clock })
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
