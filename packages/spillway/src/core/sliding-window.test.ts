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
  unitsBetween,
  waitIsExact,
} from './algorithm.fixture.js'
import type { SlidingWindow } from './quota.js'
import { LARGEST_LIMIT } from './quota-bounds.js'
import type { Log } from './sliding-window.js'
import { slidingWindow, slotOf } from './sliding-window.js'
import { SECOND } from './units.js'

const WINDOW = 1_000
const LARGEST = 12
const RUNS = { numRuns: 150 }

const charges = arrivals(WINDOW / 2, 4)
const anyQuota = fc.record({
  algorithm: fc.constant('sliding-window' as const),
  limit: fc.integer({ min: 4, max: LARGEST }),
  window: fc.integer({ min: WINDOW / 2, max: WINDOW }),
  resolution: fc.constantFrom(1, 2, 3, 60),
})
/** A quota whose log never grows so long that it merges. */
const exactQuota = anyQuota.map((quota): SlidingWindow => ({ ...quota, resolution: 60 }))

function quota(limit: number, resolution = 60): SlidingWindow {
  return { algorithm: 'sliding-window', limit, window: 10 * SECOND, resolution }
}

describe('slidingWindow, whatever is charged', () => {
  it('admits no more than the limit in any interval as long as the window', () => {
    const holds = fc.property(anyQuota, charges, (any, list) => {
      const { admitted } = run(slidingWindow, any, list)
      for (const { at } of admitted) {
        expect(unitsBetween(admitted, at, at + any.window)).toBeLessThanOrEqual(any.limit)
      }
    })
    fc.assert(holds, RUNS)
  })

  it('refuses nothing that would keep the limit, while its log is short', () => {
    const holds = fc.property(exactQuota, charges, fc.integer({ min: 1, max: 4 }), (any, list, cost) => {
      const { state, admitted, now } = run(slidingWindow, any, list)
      const used = unitsBetween(admitted, now - any.window + 1, now + 1)
      expect(slidingWindow.weigh(state, any, cost, now).wait === 0).toBe(used + cost <= any.limit)
      expect(slidingWindow.weigh(state, any, cost, now).remaining).toBe(any.limit - used)
    })
    fc.assert(holds, RUNS)
  })

  it('counts to the unit up to the largest limit', () => {
    const largest = quota(LARGEST_LIMIT)
    for (const used of [1, 60, 61, LARGEST_LIMIT]) {
      const log = slidingWindow.take(undefined, largest, used, START)
      const weigh = (cost: number) => slidingWindow.weigh(log, largest, cost, START)
      expect([weigh(LARGEST_LIMIT - used).wait, weigh(LARGEST_LIMIT - used + 1).wait]).toEqual([0, 10 * SECOND])
      expect([weigh(LARGEST_LIMIT).wait, weigh(0).remaining]).toEqual([10 * SECOND, LARGEST_LIMIT - used])
    }
  })

  it('holds a unit at most one slot longer than its window', () => {
    const holds = fc.property(anyQuota, charges, (any, list) => {
      const { state, admitted, now } = run(slidingWindow, any, list)
      const longest = unitsBetween(admitted, now - any.window - slotOf(any) + 2, now + 1)
      expect(slidingWindow.weigh(state, any, 1, now).remaining).toBeGreaterThanOrEqual(any.limit - longest)
    })
    fc.assert(holds, RUNS)
  })

  it('keeps at most twice as many entries as its resolution', () => {
    const holds = fc.property(anyQuota, charges, (any, list) => {
      const { state } = run(slidingWindow, any, list)
      expect(state?.length ?? 0).toBeLessThanOrEqual(Math.max(3, 2 * any.resolution))
    })
    fc.assert(holds, RUNS)
  })

  it('refuses until the wait is over and no longer, and grows exactly after resetAfter', () => {
    const holds = fc.property(anyQuota, charges, fc.integer({ min: 1, max: LARGEST }), (any, list, cost) => {
      const counter = { algorithm: slidingWindow, quota: any, ...run(slidingWindow, any, list) }
      expect(waitIsExact(counter, cost)).toBe(true)
      expect(resetIsExact(counter, any.limit)).toBe(true)
    })
    fc.assert(holds, RUNS)
  })

  it('says the same after its clock stepped back, by however much', () => {
    const holds = fc.property(anyQuota, charges, fc.nat(3 * WINDOW), (any, list, by) => {
      const counter = { algorithm: slidingWindow, quota: any, ...run(slidingWindow, any, list) }
      expect(moveBackKeeps(counter, 2, by)).toBe(true)
    })
    fc.assert(holds, RUNS)
  })
})

describe('slidingWindow.giveBack', () => {
  it('leaves the log as if the charge that it names had never been', () => {
    const holds = fc.property(exactQuota, charges, fc.nat(), (any, list, pick) => {
      const { state, admitted, now } = run(slidingWindow, any, list)
      const index = pick % admitted.length
      const { at, cost } = admitted[index]!
      const undone = slidingWindow.giveBack(state!, any, cost, now, { at, taken: cost, standing: undefined })
      const never = replay(slidingWindow, any, admitted, index) ?? []
      expect(undone).toEqual(slidingWindow.giveBack(never, any, 0, now))
    })
    fc.assert(holds, RUNS)
  })

  it('keeps the limit net of refunds, also where entries are merged', () => {
    const holds = fc.property(anyQuota, charges, fc.nat(), (any, list, pick) => {
      const { state, admitted, now } = run(slidingWindow, any, list)
      const index = pick % admitted.length
      const { at, cost } = admitted[index]!
      const undone = slidingWindow.giveBack(state!, any, cost, now, { at, taken: cost, standing: undefined })
      const net = admitted.filter((_, i) => i !== index)
      const { remaining } = slidingWindow.weigh(undone, any, 1, now)
      expect(remaining).toBeLessThanOrEqual(any.limit - unitsBetween(net, now - any.window + 1, now + 1))
    })
    fc.assert(holds, RUNS)
  })

  it('gives back the cost, and no more than is there, where it names no charge', () => {
    const holds = fc.property(anyQuota, charges, fc.integer({ min: 1, max: 20 }), (any, list, cost) => {
      const counter = { algorithm: slidingWindow, quota: any, ...run(slidingWindow, any, list) }
      expect(refundIsBounded(counter, cost, any.limit)).toBe(true)
    })
    fc.assert(holds, RUNS)
  })

  it('takes the newest units first', () => {
    const log: Log = [
      { at: START, units: 2 },
      { at: START + 1, units: 2 },
      { at: START + 2, units: 1 },
    ]
    expect(slidingWindow.giveBack(log, quota(5), 2, START + 3)).toEqual([
      { at: START, units: 2 },
      { at: START + 1, units: 1 },
    ])
  })

  it('takes nothing from another entry where that of the charge is gone', () => {
    const log: Log = [{ at: START + 5 * SECOND, units: 1 }]
    const undo = { at: START, taken: 1, standing: undefined }
    expect(slidingWindow.giveBack(log, quota(2), 1, START + 6 * SECOND, undo)).toEqual(log)
  })
})

describe('slidingWindow, of more than one limit', () => {
  it('grows only once all is gone that another rule counted beyond the limit', () => {
    const log: Log = [
      { at: START, units: 3 },
      { at: START + 1, units: 1 },
      { at: START + 2, units: 1 },
    ]
    expect(slidingWindow.weigh(log, quota(2), 1, START + 3)).toEqual({
      wait: 10 * SECOND - 2,
      remaining: 0,
      resetAfter: 10 * SECOND - 2,
    })
  })

  it('says nothing any more once its newest entry is gone', () => {
    const log: Log = [{ at: START, units: 1 }]
    expect(slidingWindow.emptyAt(log, quota(1))).toBe(START + 10 * SECOND)
    expect(slidingWindow.weigh(log, quota(1), 1, START + 10 * SECOND)).toEqual({ wait: 0, remaining: 1, resetAfter: 0 })
  })
})
