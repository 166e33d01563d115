import { describe, expect, it } from 'vitest'
import type { Decision } from '../core/decision.js'
import { makeQuota } from '../core/make-quota.js'
import { SECOND } from '../core/units.js'
import { createLimiter } from '../limiter.js'
import { memoryStore } from '../store/memory/memory.js'
import { fakeClock } from '../testing/fake-clock.js'
import { seededRandom } from '../testing/random.js'
import { leastWait } from './least-wait.js'

const QUOTAS = {
  'a sliding window': makeQuota({ limit: 5, window: 10 * SECOND }),
  'a fixed window': makeQuota({ limit: 5, window: 10 * SECOND, algorithm: 'fixed-window' }),
  'a token bucket': makeQuota({ limit: 5, window: 10 * SECOND, algorithm: 'token-bucket', burst: 12 }),
}

describe('the least wait of the last in a queue', () => {
  it.each(Object.entries(QUOTAS))('is never longer than the wait turns out, on %s', (_, quota) => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed)
      const clock = fakeClock()
      const limiter = createLimiter({ quotas: quota, store: memoryStore({ clock }) })
      for (let i = random.int(0, 8); i > 0; i--) {
        limiter.charge('api', { cost: random.int(1, 5) })
        clock.advance(random.int(0, 4 * SECOND))
      }
      const units = random.int(1, 40)
      const { quotas } = limiter.peek('api') as Exclude<Decision, { kind: 'unknown' }>
      const least = leastWait(quotas, units, 1)
      const start = clock.now()
      for (let taken = 0; taken < units; ) {
        const decision = limiter.charge('api') as Decision
        if (decision.kind === 'denied') clock.advance(decision.retryAfter)
        else taken++
      }
      expect(least, `seed ${seed}`).toBeLessThanOrEqual(clock.now() - start)
    }
  })

  it('counts the windows that a long queue fills', () => {
    const standing = { quota: QUOTAS['a sliding window'], remaining: 0, resetAfter: SECOND, retryAfter: SECOND }
    expect(leastWait([standing], 5, 1)).toBe(SECOND)
    expect(leastWait([standing], 6, 1)).toBe(11 * SECOND)
    expect(leastWait([standing], 51, 1)).toBe(101 * SECOND)
  })
})
