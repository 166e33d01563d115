import { until } from '../../../../test/support/until.js'
import { createLimiter } from '../../src/limiter.js'
import type { RedisStore } from '../../src/store/redis/redis.js'

/** Time in which a fault lasts: not a wait for anything. */
export function passed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Asks until the store decides once more: before it is connected, and while it fails, this process decides alone. */
export function askUntilDecided(store: RedisStore, ask: () => unknown): Promise<void> {
  const before = store.stats().decisions.store
  return until('the store decides', async () => {
    await ask()
    return store.stats().decisions.store > before
  })
}

/** Waits for so many more decisions of the store, under load. */
export function decided(store: RedisStore, more: number): Promise<void> {
  const before = store.stats().decisions.store
  return until('the store decides', () => store.stats().decisions.store >= before + more)
}

/** Milliseconds until the store decides again, under load. */
export async function untilDecided(store: RedisStore): Promise<number> {
  const began = performance.now()
  await decided(store, 1)
  return Math.round(performance.now() - began)
}

/** Units that mia took of a service's quota. */
export async function taken(store: RedisStore, quotas: string): Promise<number> {
  const decision = await createLimiter({ name: 'all', quotas, store }).peek('user:mia')
  if (decision.kind !== 'allowed') throw new Error(`a peek was ${decision.kind}`)
  return decision.limit - decision.remaining
}
