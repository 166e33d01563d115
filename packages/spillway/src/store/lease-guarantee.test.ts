import { expect, it, vi } from 'vitest'
import type { Charge } from '../core/charge.js'
import type { QuotaOptions } from '../core/make-quota.js'
import { makeQuota } from '../core/make-quota.js'
import type { Quota } from '../core/quota.js'
import type { Micros } from '../core/units.js'
import { MILLISECOND, SECOND } from '../core/units.js'
import { fakeClock } from '../testing/fake-clock.js'
import { plainStore } from '../testing/plain-store.js'
import { chargeOf, ruleOf } from '../testing/program.js'
import type { Random } from '../testing/random.js'
import { seededRandom } from '../testing/random.js'
import { lease } from './lease.js'
import { watchedStore } from './watched-store.fixture.js'

const PROCESSES = 3
const SIZE = 4
const SPAN = 200 * MILLISECOND
const LIMIT = 20

interface Moment {
  readonly at: Micros
  readonly units: number
}

interface Run {
  readonly admitted: readonly Moment[]
  /** When the store itself had no room for one unit more. */
  readonly exhausted: readonly Micros[]
}

/** Random requests to three processes that share a store, each with leases; times of what passed, and of what did not. */
async function run(quota: Quota, random: Random): Promise<Run> {
  vi.useFakeTimers()
  const clock = fakeClock()
  const shared = plainStore(clock)
  const stores = Array.from({ length: PROCESSES }, () => lease(watchedStore(shared), { clock }))
  const rule = ruleOf('towns', [quota])
  const admitted: Moment[] = []
  const exhausted: Micros[] = []
  for (let step = 0; step < 250; step++) {
    const cost = random.oneIn(6) ? random.int(2, 5) : 1
    const charge: Charge = { ...chargeOf(rule, 'user:alice', cost), lease: { size: SIZE, for: SPAN } }
    const asked = Array.from({ length: random.int(1, 4) }, () => random.pick(stores).decide([charge]))
    for (const [decision] of await Promise.all(asked)) {
      if (decision?.kind === 'allowed') admitted.push({ at: clock.now(), units: cost })
      if (decision?.kind === 'denied' && cost === 1) exhausted.push(clock.now())
    }
    const span = random.pick([0, 1_000, 20_000, 60_000, 250_000])
    clock.advance(span)
    await vi.advanceTimersByTimeAsync(span / MILLISECOND)
  }
  await Promise.all(stores.map((store) => store.close()))
  vi.useRealTimers()
  return { admitted, exhausted }
}

function unitsIn(admitted: readonly Moment[], from: Micros, to: Micros): number {
  return admitted.filter(({ at }) => at >= from && at < to).reduce((sum, { units }) => sum + units, 0)
}

/** The most units in any interval as long as the window, or in any of the fixed ones. */
function most(admitted: readonly Moment[], quota: Quota): number {
  const window = 'every' in quota ? 0 : quota.window
  const start = (at: Micros) => (quota.algorithm === 'fixed-window' ? at - (at % window) : at)
  return Math.max(...admitted.map(({ at }) => unitsIn(admitted, start(at), start(at) + window)))
}

const quotas: readonly QuotaOptions[] = [
  { algorithm: 'sliding-window', limit: LIMIT, window: SECOND },
  { algorithm: 'sliding-window', limit: LIMIT, window: SECOND, resolution: 4 },
  { algorithm: 'fixed-window', limit: LIMIT, window: SECOND, align: 'clock' },
]

it.each(quotas)('a lease admits exactly the limit, and not one unit too many: %o', async (options) => {
  const quota = makeQuota(options)
  let highest = 0
  for (let seed = 1; seed <= 8; seed++)
    highest = Math.max(highest, most((await run(quota, seededRandom(seed))).admitted, quota))
  expect(highest).toBe(LIMIT)
})

it('under leases a token bucket never holds more than its burst', async () => {
  const quota = makeQuota({ algorithm: 'token-bucket', limit: LIMIT, window: SECOND, burst: 10 })
  for (let seed = 1; seed <= 8; seed++) {
    const { admitted } = await run(quota, seededRandom(seed))
    let fullAt = 0
    for (const { at, units } of admitted) {
      fullAt = Math.max(fullAt, at) + (units * SECOND) / LIMIT
      expect(fullAt - at).toBeLessThanOrEqual((10 * SECOND) / LIMIT)
    }
  }
})

it('where a unit is refused, all but those that the processes hold were handed out within the window and a lease', async () => {
  const quota = makeQuota({ algorithm: 'sliding-window', limit: LIMIT, window: SECOND })
  const least: number[] = []
  for (let seed = 1; seed <= 8; seed++) {
    const { admitted, exhausted } = await run(quota, seededRandom(seed))
    least.push(...exhausted.map((at) => unitsIn(admitted, at - SECOND - SPAN, at + 1)))
  }
  expect(least.length).toBeGreaterThan(50)
  expect(Math.min(...least)).toBeGreaterThanOrEqual(LIMIT - (PROCESSES - 1) * SIZE)
})
