import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  arrivals,
  moveBackKeeps,
  refundIsBounded,
  replay,
  resetIsExact,
  run,
  START,
  waitIsExact,
} from './algorithm.fixture.js'
import { figures } from './figures.js'
import type { TokenBucket } from './quota.js'
import { rateOf } from './rate.js'
import type { FullAgain } from './token-bucket.js'
import { admitToBucket, takeFromBucket, tokenBucket, weighBucket } from './token-bucket.js'
import { SECOND } from './units.js'

const LARGEST = 12
const RUNS = { numRuns: 150 }

const charges = arrivals(400, 4)
const anyQuota = fc.record({
  algorithm: fc.constant('token-bucket' as const),
  limit: fc.integer({ min: 1, max: 3_000 }),
  window: fc.constantFrom(1_000, 1_001, 2_000),
  burst: fc.integer({ min: 4, max: LARGEST }),
})

/** The units in a full bucket's place, as a fraction over the window: an independent reckoning, refilled step by step. */
function levelsOf({ limit, window, burst }: TokenBucket) {
  const full = BigInt(burst) * BigInt(window)
  let level = full
  return {
    refill(span: number) {
      level += BigInt(span) * BigInt(limit)
      if (level > full) level = full
    },
    take(cost: number): boolean {
      const taken = BigInt(cost) * BigInt(window)
      if (level < taken) return false
      level -= taken
      return true
    },
    units: () => Number(level / BigInt(window)),
  }
}

describe('tokenBucket, whatever is charged', () => {
  it('admits in no interval more than the burst and what flows in meanwhile', () => {
    const holds = fc.property(anyQuota, charges, (any, list) => {
      const { admitted } = run(tokenBucket, any, list)
      for (const [first, from] of admitted.entries()) {
        let units = 0
        for (const { at, cost } of admitted.slice(first)) {
          units += cost
          expect(units * any.window).toBeLessThanOrEqual(any.burst * any.window + (at - from.at) * any.limit)
        }
      }
    })
    fc.assert(holds, RUNS)
  })

  it('admits exactly what a bucket of fractions would', () => {
    const holds = fc.property(anyQuota, charges, (any, list) => {
      const levels = levelsOf(any)
      let state: FullAgain | undefined
      let now = START
      for (const { after, cost } of list) {
        now += after
        levels.refill(after)
        expect(tokenBucket.weigh(state, any, cost, now).remaining).toBe(levels.units())
        const fits = tokenBucket.weigh(state, any, cost, now).wait === 0
        expect(fits).toBe(levels.take(cost))
        if (fits) state = tokenBucket.take(state, any, cost, now)
      }
    })
    fc.assert(holds, RUNS)
  })

  it('refuses until the wait is over and no longer, and grows exactly after resetAfter', () => {
    const holds = fc.property(anyQuota, charges, fc.integer({ min: 1, max: LARGEST }), (any, list, cost) => {
      const counter = { algorithm: tokenBucket, quota: any, ...run(tokenBucket, any, list) }
      expect(waitIsExact(counter, cost)).toBe(true)
      expect(resetIsExact(counter, any.burst)).toBe(true)
    })
    fc.assert(holds, RUNS)
  })

  it('says the same after its clock stepped back, by however much', () => {
    const holds = fc.property(anyQuota, charges, fc.nat(5_000), (any, list, by) => {
      const counter = { algorithm: tokenBucket, quota: any, ...run(tokenBucket, any, list) }
      expect(moveBackKeeps(counter, 2, by)).toBe(true)
    })
    fc.assert(holds, RUNS)
  })

  it('weighs and takes in its fast form as in its plain one', () => {
    const holds = fc.property(anyQuota, charges, (any, list) => {
      const rate = rateOf(any)
      const cells = new Float64Array(3)
      let state: FullAgain | undefined
      let now = START
      for (const { after, cost } of list) {
        now += after
        weighBucket(cells, 1, any.burst, rate, cost, now)
        expect({ ...figures }).toEqual(tokenBucket.weigh(state, any, cost, now))

        state = tokenBucket.take(state, any, cost, now)
        takeFromBucket(cells, 1, rate, cost, now)
        expect([...cells]).toEqual([0, state.fullAt, state.part])
      }
    })
    fc.assert(holds, RUNS)
  })

  it('admits at once what its plain form admits, and leaves the same figures', () => {
    const holds = fc.property(anyQuota, charges, (any, list) => {
      const cells = new Float64Array(3)
      let state: FullAgain | undefined
      let now = START
      for (const { after, cost } of list) {
        now += after
        const fits = tokenBucket.weigh(state, any, cost, now).wait === 0
        expect(admitToBucket(cells, 1, any.burst, rateOf(any), cost, now)).toBe(fits)
        if (!fits) continue
        state = tokenBucket.take(state, any, cost, now)
        const { remaining, resetAfter } = tokenBucket.weigh(state, any, 0, now)
        expect(figures).toMatchObject({ remaining, resetAfter })
      }
      expect(cells[1]).toBe(state?.fullAt ?? 0)
    })
    fc.assert(holds, RUNS)
  })
})

describe('tokenBucket, once its limit was changed', () => {
  it('takes a part of a microsecond for no more than one, however many parts the rate before it had', () => {
    const [before, after] = [999_983, 1].map((limit): TokenBucket => {
      return { algorithm: 'token-bucket', limit, window: 60 * SECOND, burst: 10 }
    }) as [TokenBucket, TokenBucket]
    const { fullAt, part } = tokenBucket.take(undefined, before, 10, START)
    expect(part).toBeGreaterThan(10_000)
    const cells = Float64Array.of(fullAt, part)

    const now = START + 100
    const { resetAfter } = tokenBucket.weigh({ fullAt, part }, after, 1, now)
    expect(resetAfter).toBe(fullAt + 1 - now)
    weighBucket(cells, 0, after.burst, rateOf(after), 1, now)
    expect(figures).toMatchObject({ resetAfter })
    const taken = tokenBucket.take({ fullAt, part }, after, 1, now)
    expect(admitToBucket(cells, 0, after.burst, rateOf(after), 1, now)).toBe(true)
    expect([...cells]).toEqual([taken.fullAt, taken.part])
  })
})

describe('tokenBucket.giveBack', () => {
  it('leaves the bucket as if the charge that it names had never been, or worse, never better', () => {
    const holds = fc.property(anyQuota, charges, fc.nat(), fc.nat(500), (any, list, pick, later) => {
      const { state, admitted, now } = run(tokenBucket, any, list)
      const index = pick % admitted.length
      const { at, cost } = admitted[index]!
      const standing = tokenBucket.weigh(replay(tokenBucket, any, admitted.slice(0, index + 1)), any, 0, at)
      const undone = tokenBucket.giveBack(state!, any, cost, now + later, { at, taken: cost, standing })
      const never = tokenBucket.weigh(replay(tokenBucket, any, admitted, index), any, 1, now + later).remaining
      const { remaining } = tokenBucket.weigh(undone, any, 1, now + later)
      expect(remaining).toBeLessThanOrEqual(never)
      expect(remaining).toBeGreaterThanOrEqual(tokenBucket.weigh(state, any, 1, now + later).remaining)
    })
    fc.assert(holds, RUNS)
  })

  it('undoes exactly the last charge, at once', () => {
    const holds = fc.property(anyQuota, charges, (any, list) => {
      const { admitted } = run(tokenBucket, any, list)
      const { at, cost } = admitted.at(-1)!
      const state = replay(tokenBucket, any, admitted)!
      const standing = tokenBucket.weigh(state, any, 0, at)
      const undone = tokenBucket.giveBack(state, any, cost, at, { at, taken: cost, standing })
      const never = replay(tokenBucket, any, admitted.slice(0, -1))
      expect(tokenBucket.weigh(undone, any, 3, at)).toEqual(tokenBucket.weigh(never, any, 3, at))
    })
    fc.assert(holds, RUNS)
  })

  it('gives back the cost, and no more than is missing, where it names no charge', () => {
    const holds = fc.property(anyQuota, charges, fc.integer({ min: 1, max: 20 }), (any, list, cost) => {
      const counter = { algorithm: tokenBucket, quota: any, ...run(tokenBucket, any, list) }
      expect(refundIsBounded(counter, cost, any.burst)).toBe(true)
    })
    fc.assert(holds, RUNS)
  })
})

describe('tokenBucket', () => {
  it('says nothing any more once it is full, to the part of a microsecond', () => {
    const quota: TokenBucket = { algorithm: 'token-bucket', limit: 3, window: SECOND, burst: 3 }
    const state = tokenBucket.take(undefined, quota, 1, START)
    expect(state).toEqual({ fullAt: START + 333_333, part: 1 })
    expect(tokenBucket.emptyAt(state, quota)).toBe(START + 333_334)
    expect(tokenBucket.weigh(state, quota, 1, START + 333_333).remaining).toBe(2)
    expect(tokenBucket.weigh(state, quota, 1, START + 333_334)).toEqual({ wait: 0, remaining: 3, resetAfter: 0 })
  })

  it('loses nothing at a rate that divides no microsecond: 30,000 waits at 3 a second are 10,000 seconds', () => {
    const quota: TokenBucket = { algorithm: 'token-bucket', limit: 3, window: SECOND, burst: 2 }
    let state = tokenBucket.take(undefined, quota, 2, START)
    let now = START
    for (let i = 0; i < 30_000; i++) {
      now += tokenBucket.weigh(state, quota, 1, now).wait
      state = tokenBucket.take(state, quota, 1, now)
    }
    expect(now - START).toBe(10_000 * SECOND)
  })
})
