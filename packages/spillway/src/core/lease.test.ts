import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slidingWindow } from './sliding-window.js'
import type { Algorithm } from './standing.js'
import { tokenBucket } from './token-bucket.js'

const WINDOW = 1_000
const START = 1_767_225_600_000_000
const RUNS = { numRuns: 300 }

/** A charge some time after the last one; its units are spent when `late` of its lease is over. */
const leases = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 300 }),
    cost: fc.integer({ min: 1, max: 4 }),
    heldFor: fc.constantFrom(0, 0, 50, 400),
    late: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 60 },
)

interface Spent {
  readonly at: number
  readonly units: number
}

function spend<Q, State>(
  algorithm: Algorithm<Q, State>,
  quota: Q,
  list: readonly { after: number; cost: number; heldFor: number; late: number }[],
): Spent[] {
  const spent: Spent[] = []
  let state: State | undefined
  let now = START
  for (const { after, cost, heldFor, late } of list) {
    now += after
    if (algorithm.weigh(state, quota, cost, now).wait > 0) continue
    state = algorithm.take(state, quota, cost, now, now + heldFor)
    spent.push({ at: now + Math.floor(late * heldFor), units: cost })
  }
  return spent
}

function between(spent: readonly Spent[], from: number, to: number): number {
  return spent.filter(({ at }) => at >= from && at < to).reduce((sum, { units }) => sum + units, 0)
}

describe('units that are held under leases, whenever they are spent', () => {
  it('keep the limit of a sliding window in every interval as long as the window', () => {
    const quota = fc.record({
      algorithm: fc.constant('sliding-window' as const),
      limit: fc.integer({ min: 4, max: 9 }),
      window: fc.constant(WINDOW),
      resolution: fc.constantFrom(1, 3, 60),
    })
    const holds = fc.property(quota, leases, (any, list) => {
      const spent = spend(slidingWindow, any, list)
      for (const { at } of spent) expect(between(spent, at, at + WINDOW)).toBeLessThanOrEqual(any.limit)
    })
    fc.assert(holds, RUNS)
  })

  it('keep the rate and the burst of a token bucket in every interval', () => {
    const quota = { algorithm: 'token-bucket', limit: 7, window: WINDOW, burst: 5 } as const
    const holds = fc.property(leases, (list) => {
      const spent = spend(tokenBucket, quota, list)
      for (const { at: from } of spent) {
        for (const { at: to } of spent.filter(({ at }) => at >= from)) {
          expect(between(spent, from, to + 1)).toBeLessThanOrEqual(quota.burst + ((to - from) * quota.limit) / WINDOW)
        }
      }
    })
    fc.assert(holds, RUNS)
  })

  it('are given back by the refund of their charge', () => {
    const quota = { algorithm: 'sliding-window', limit: 4, window: WINDOW, resolution: 60 } as const
    const log = slidingWindow.take(undefined, quota, 3, START, START + 50)
    const undo = { at: START, countedAt: START + 50, taken: 3, standing: undefined }
    expect(slidingWindow.giveBack(log, quota, 2, START + 60, undo)).toEqual([{ at: START + 50, units: 1 }])
  })
})
