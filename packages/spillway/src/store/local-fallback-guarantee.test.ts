import { expect, it } from 'vitest'
import { StoreError } from '../core/decision.js'
import type { QuotaOptions } from '../core/make-quota.js'
import { makeQuota } from '../core/make-quota.js'
import type { Micros } from '../core/units.js'
import { SECOND } from '../core/units.js'
import { fakeClock } from '../testing/fake-clock.js'
import { plainStore } from '../testing/plain-store.js'
import { chargeOf, ruleOf } from '../testing/program.js'
import type { Random } from '../testing/random.js'
import { seededRandom } from '../testing/random.js'
import { localFallback } from './local-fallback.js'
import { watchedStore } from './watched-store.fixture.js'

const LIMIT = 10

const quotas: readonly QuotaOptions[] = [
  { algorithm: 'sliding-window', limit: LIMIT, window: SECOND },
  { algorithm: 'fixed-window', limit: LIMIT, window: SECOND, align: 'clock' },
  { algorithm: 'token-bucket', limit: LIMIT, window: SECOND, burst: LIMIT },
]

/** What passed since the store failed, by processes that share it, under a load far above the limit. */
async function passedAlone(options: QuotaOptions, replicas: number, random: Random): Promise<readonly Micros[]> {
  const clock = fakeClock()
  const inner = watchedStore(plainStore(clock))
  const stores = Array.from({ length: replicas }, () => localFallback(inner, { clock, replicas: () => replicas }))
  const charge = chargeOf(ruleOf('towns', [makeQuota(options)]), 'user:alice')
  const passed: Micros[] = []
  for (let step = 0; step < 300; step++) {
    if (step === 100) inner.fail(new StoreError('ERR_SPILLWAY_TEST', 'down'))
    const [decision] = await random.pick(stores).decide([charge])
    if (step >= 100 && decision?.kind === 'allowed') passed.push(clock.now())
    clock.advance(random.pick([0, 1_000, 9_000, 40_000]))
  }
  return passed
}

function mostIn(window: Micros, moments: readonly Micros[], isFixed: boolean): number {
  const start = (at: Micros) => (isFixed ? at - (at % window) : at)
  return Math.max(
    ...moments.map((from) => moments.filter((at) => at >= start(from) && at < start(from) + window).length),
  )
}

it.each(quotas)('from the failure on, at most the limit passes, and one more for each replica: %o', async (options) => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = seededRandom(seed)
    const replicas = random.int(1, 5)
    const passed = await passedAlone(options, replicas, random)
    // A bucket admits, besides what it holds, what flows in within the time.
    const most = options.algorithm === 'token-bucket' ? 2 * (LIMIT + replicas) : LIMIT + replicas
    expect(mostIn(SECOND, passed, options.algorithm === 'fixed-window')).toBeLessThanOrEqual(most)
    expect(passed.length).toBeGreaterThan(LIMIT)
  }
})
