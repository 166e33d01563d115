import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrivals, START } from './algorithm.fixture.js'
import type { SlidingWindow } from './quota.js'
import type { Ring } from './ring-log.js'
import { append, expire, mergeSlots, readRing, ringLength, sizeOfRing, untilGone, writeRing } from './ring-log.js'
import type { Log } from './sliding-window.js'
import { slidingWindow, slotOf } from './sliding-window.js'

const WINDOW = 1_000
const BASE = 3

function emptyRing(capacity: number): Ring {
  return { cells: new Float64Array(BASE + ringLength(capacity)), base: BASE, capacity }
}

/** `slidingWindow.take`, on a ring. */
function takeInRing(ring: Ring, quota: SlidingWindow, cost: number, now: number): void {
  const newest = readRing(ring).at(-1)
  if (sizeOfRing(ring) >= 2 * quota.resolution && newest?.at !== now) mergeSlots(ring, slotOf(quota), 0)
  append(ring, cost, now)
}

describe('a ring', () => {
  it('holds what a log holds, after any charges', () => {
    const quotas = fc.record({
      algorithm: fc.constant('sliding-window' as const),
      limit: fc.constant(1_000),
      window: fc.integer({ min: WINDOW / 2, max: WINDOW }),
      resolution: fc.integer({ min: 1, max: 5 }),
    })
    const holds = fc.property(quotas, arrivals(300, 4), (quota, list) => {
      const ring = emptyRing(Math.max(3, 2 * quota.resolution))
      let log: Log = []
      let now = START
      for (const { after, cost } of list) {
        now += after
        const used = log.reduce((sum, { units }) => sum + units, 0)
        const gone = expire(ring, quota.window, now)
        const { remaining, resetAfter } = slidingWindow.weigh(log, quota, 1, now)
        expect(used - gone).toBe(quota.limit - remaining)
        expect(untilGone(ring, 1, quota.window, now)).toBe(resetAfter)

        takeInRing(ring, quota, cost, now)
        log = slidingWindow.take(log, quota, cost, now)
        expect(readRing(ring)).toEqual(log)
      }
    })
    fc.assert(holds, { numRuns: 150 })
  })

  it('merges by the slots of the clock, which its times may be ahead of', () => {
    const ring = emptyRing(4)
    for (const at of [98, 99, 100, 101]) append(ring, 1, at)
    mergeSlots(ring, 100, 1)
    expect(readRing(ring)).toEqual([
      { at: 100, units: 3 },
      { at: 101, units: 1 },
    ])
  })

  it('waits for the entry that brings the units gone to the number asked for', () => {
    const ring = emptyRing(4)
    for (const [units, at] of [
      [2, 0],
      [3, 100],
      [1, 200],
    ] as const) {
      append(ring, units, START + at)
    }
    const until = (units: number) => untilGone(ring, units, WINDOW, START + 200)
    expect([0, 1, 2, 3, 5, 6].map(until)).toEqual([0, 800, 800, 900, 900, 1_000])
    expect(until(7)).toBe(0)
  })

  it('goes on at its beginning when its end is reached', () => {
    const ring = emptyRing(3)
    for (let i = 0; i < 10; i++) {
      expire(ring, 3, START + i)
      append(ring, i + 1, START + i)
    }
    expect(readRing(ring)).toEqual([
      { at: START + 7, units: 8 },
      { at: START + 8, units: 9 },
      { at: START + 9, units: 10 },
    ])
  })

  it('takes over a log, and touches no number that is not its own', () => {
    const cells = new Float64Array(2 * ringLength(2) + 1).fill(7)
    const ring: Ring = { cells, base: ringLength(2), capacity: 2 }
    const log: Log = [
      { at: START, units: 1 },
      { at: START + 1, units: 2 },
    ]
    writeRing(ring, log)
    expect(readRing(ring)).toEqual(log)
    expect([...cells.slice(0, ringLength(2)), ...cells.slice(-1)].every((cell) => cell === 7)).toBe(true)
  })
})
