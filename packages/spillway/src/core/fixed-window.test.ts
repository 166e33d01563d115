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
import { figures } from './figures.js'
import type { WindowCount } from './fixed-window.js'
import { admitToWindow, fixedWindow, takeFromWindow, weighWindow, windowEnd, windowStart } from './fixed-window.js'
import type { CalendarWindow, FixedWindow } from './quota.js'
import { DAY, HOUR } from './units.js'

const WINDOW = 1_000
const LARGEST = 12
const RUNS = { numRuns: 150 }

const charges = arrivals(WINDOW / 2, 4)
const anyQuota = fc.record({
  algorithm: fc.constant('fixed-window' as const),
  limit: fc.integer({ min: 4, max: LARGEST }),
  window: fc.integer({ min: WINDOW / 2, max: WINDOW }),
  align: fc.constantFrom('first' as const, 'clock' as const),
})
const berlin: CalendarWindow = {
  algorithm: 'fixed-window',
  limit: 2,
  align: 'calendar',
  every: 'day',
  timezone: 'Europe/Berlin',
}

describe('fixedWindow, whatever is charged', () => {
  it('admits no more than the limit from the start of a window to its end', () => {
    const holds = fc.property(anyQuota, charges, (any, list) => {
      const { admitted } = run(fixedWindow, any, list)
      let end = 0
      for (const { at } of admitted) {
        if (at < end) continue
        end = any.align === 'first' ? at + any.window : (Math.floor(at / any.window) + 1) * any.window
        expect(unitsBetween(admitted, at, end)).toBeLessThanOrEqual(any.limit)
      }
    })
    fc.assert(holds, RUNS)
  })

  it('refuses until the wait is over and no longer, and grows exactly after resetAfter', () => {
    const holds = fc.property(anyQuota, charges, fc.integer({ min: 1, max: LARGEST }), (any, list, cost) => {
      const counter = { algorithm: fixedWindow, quota: any, ...run(fixedWindow, any, list) }
      expect(waitIsExact(counter, cost)).toBe(true)
      expect(resetIsExact(counter, any.limit)).toBe(true)
    })
    fc.assert(holds, RUNS)
  })

  it('says the same after its clock stepped back, by however much', () => {
    const holds = fc.property(anyQuota, charges, fc.nat(3 * WINDOW), (any, list, by) => {
      const counter = { algorithm: fixedWindow, quota: any, ...run(fixedWindow, any, list) }
      expect(moveBackKeeps(counter, 2, by)).toBe(true)
    })
    fc.assert(holds, RUNS)
  })

  it('weighs and takes in its fast form as in its plain one', () => {
    const holds = fc.property(anyQuota, charges, fc.nat(WINDOW), (any, list, skew) => {
      const cells = new Float64Array(3)
      let state: WindowCount | undefined
      let now = START
      for (const { after, cost } of list) {
        now += after
        weighWindow(cells, 1, any.limit, cost, now + skew)
        expect({ ...figures }).toEqual(fixedWindow.weigh(state, any, cost, now))

        state = fixedWindow.take(state, any, cost, now)
        takeFromWindow(cells, 1, any, cost, now + skew, skew)
        expect([...cells]).toEqual([0, state.endsAt + skew, state.count])
      }
    })
    fc.assert(holds, RUNS)
  })

  it('admits at once what its plain form admits, and leaves the same figures', () => {
    const holds = fc.property(anyQuota, charges, (any, list) => {
      const cells = new Float64Array(3)
      let state: WindowCount | undefined
      let now = START
      for (const { after, cost } of list) {
        now += after
        const fits = fixedWindow.weigh(state, any, cost, now).wait === 0
        expect(admitToWindow(cells, 1, any, cost, now, 0)).toBe(fits)
        if (!fits) continue
        state = fixedWindow.take(state, any, cost, now)
        const { remaining, resetAfter } = fixedWindow.weigh(state, any, 0, now)
        expect(figures).toMatchObject({ remaining, resetAfter })
      }
      expect(cells[2]).toBe(state?.count ?? 0)
    })
    fc.assert(holds, RUNS)
  })
})

describe('fixedWindow.giveBack', () => {
  it('leaves the window as if the charge that it names had never been, and open', () => {
    const clocked = anyQuota.map((quota): FixedWindow => ({ ...quota, align: 'clock' }))
    const holds = fc.property(clocked, charges, fc.nat(), (any, list, pick) => {
      const { state, admitted, now } = run(fixedWindow, any, list)
      const index = pick % admitted.length
      const { at, cost } = admitted[index]!
      const undone = fixedWindow.giveBack(state!, any, cost, now, { at, taken: cost, standing: undefined })
      const never = replay(fixedWindow, any, admitted, index)
      expect(undone.endsAt).toBe(state!.endsAt)
      expect(fixedWindow.weigh(undone, any, 1, now)).toEqual(fixedWindow.weigh(never, any, 1, now))
    })
    fc.assert(holds, RUNS)
  })

  it('gives back the cost, and no more than is there, where it names no charge', () => {
    const holds = fc.property(anyQuota, charges, fc.integer({ min: 1, max: 20 }), (any, list, cost) => {
      const counter = { algorithm: fixedWindow, quota: any, ...run(fixedWindow, any, list) }
      expect(refundIsBounded(counter, cost, any.limit)).toBe(true)
    })
    fc.assert(holds, RUNS)
  })

  it('gives nothing back for yesterday', () => {
    const midnight = Date.UTC(2026, 2, 28, 23) * 1000
    const today = fixedWindow.take(undefined, berlin, 1, midnight + HOUR)
    const undo = (at: number) => ({ at, taken: 1, standing: undefined })
    expect(fixedWindow.giveBack(today, berlin, 1, midnight + 2 * HOUR, undo(midnight - 1)).count).toBe(1)
    expect(fixedWindow.giveBack(today, berlin, 1, midnight + 2 * HOUR, undo(midnight)).count).toBe(0)
  })
})

describe('windowEnd and windowStart', () => {
  it('bound the window that a charge would open', () => {
    const quota = { algorithm: 'fixed-window', limit: 1, window: DAY } as const
    const noon = START + 12 * HOUR
    expect(windowEnd({ ...quota, align: 'first' }, noon)).toBe(noon + DAY)
    expect(windowEnd({ ...quota, align: 'clock' }, noon)).toBe(START + DAY)
    expect(windowStart({ ...quota, align: 'clock' }, START + DAY)).toBe(START)
    expect(windowEnd(berlin, noon)).toBe(START + 23 * HOUR)
    expect(windowStart(berlin, START + 23 * HOUR)).toBe(START - HOUR)
  })
})

it('says nothing any more from the end of its window on', () => {
  const quota: FixedWindow = { algorithm: 'fixed-window', limit: 1, window: DAY, align: 'first' }
  const state = fixedWindow.take(undefined, quota, 1, START)
  expect(fixedWindow.emptyAt(state, quota)).toBe(START + DAY)
  expect(fixedWindow.weigh(state, quota, 1, START + DAY)).toEqual({ wait: 0, remaining: 1, resetAfter: 0 })
})
