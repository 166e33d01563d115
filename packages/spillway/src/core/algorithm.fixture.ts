import fc from 'fast-check'
import type { Algorithm, Standing } from './standing.js'
import type { Micros, Units } from './units.js'

/** A charge, so long after the one before. */
export interface Arrival {
  readonly after: Micros
  readonly cost: Units
}

/** A charge that was admitted. */
export interface Admitted {
  readonly at: Micros
  readonly cost: Units
}

/** What a run of charges has come to. */
export interface Run<State> {
  readonly state: State | undefined
  readonly admitted: readonly Admitted[]
  readonly now: Micros
}

/** A counter and its quota, at one moment. */
interface Counter<Q, State> {
  readonly algorithm: Algorithm<Q, State>
  readonly quota: Q
  readonly state: State | undefined
  readonly now: Micros
}

/** 2026-01-01T00:00:00Z. */
export const START: Micros = 1_767_225_600_000_000

/** Charges that come at once, a microsecond apart, or up to `gap` apart. */
export function arrivals(gap: Micros, largestCost: Units): fc.Arbitrary<Arrival[]> {
  const after = fc.oneof(fc.constantFrom(0, 1), fc.nat(gap))
  return fc.array(fc.record({ after, cost: fc.integer({ min: 1, max: largestCost }) }), { minLength: 1, maxLength: 40 })
}

/** Takes each charge that fits. */
export function run<Q, State>(
  algorithm: Algorithm<Q, State>,
  quota: Q,
  charges: readonly Arrival[],
  start = START,
): Run<State> {
  let state: State | undefined
  let now = start
  const admitted: Admitted[] = []
  for (const { after, cost } of charges) {
    now += after
    if (algorithm.weigh(state, quota, cost, now).wait > 0) continue
    state = algorithm.take(state, quota, cost, now)
    admitted.push({ at: now, cost })
  }
  return { state, admitted, now }
}

/** Takes all that were admitted, but the one at `left`. */
export function replay<Q, State>(
  algorithm: Algorithm<Q, State>,
  quota: Q,
  admitted: readonly Admitted[],
  left?: number,
): State | undefined {
  return admitted.reduce<State | undefined>(
    (state, { at, cost }, i) => (i === left ? state : algorithm.take(state, quota, cost, at)),
    undefined,
  )
}

/** The units that were admitted in `[from, to)`. */
export function unitsBetween(admitted: readonly Admitted[], from: Micros, to: Micros): Units {
  return admitted.filter(({ at }) => at >= from && at < to).reduce((sum, { cost }) => sum + cost, 0)
}

/** Whether a cost fits exactly when its `wait` is over, and at no moment before that is tried. */
export function waitIsExact<Q, State>(counter: Counter<Q, State>, cost: Units): boolean {
  const { wait } = standingAt(counter, cost, 0)
  if (wait === 0 || wait === Number.POSITIVE_INFINITY) return true
  const early = momentsBefore(wait).every((after) => standingAt(counter, cost, after).wait === wait - after)
  return early && standingAt(counter, cost, wait).wait === 0
}

/** Whether `remaining` grows exactly after `resetAfter`, and at no moment before that is tried. */
export function resetIsExact<Q, State>(counter: Counter<Q, State>, size: Units): boolean {
  const { remaining, resetAfter } = standingAt(counter, 1, 0)
  if (resetAfter === 0) return remaining === size
  const early = momentsBefore(resetAfter).every((after) => standingAt(counter, 1, after).remaining === remaining)
  return early && standingAt(counter, 1, resetAfter).remaining > remaining
}

/** Whether a refund that names no charge gives the cost back, and no more than was taken of `size`. */
export function refundIsBounded<Q, State>(counter: Counter<Q, State>, cost: Units, size: Units): boolean {
  const { algorithm, quota, state, now } = counter
  const before = standingAt(counter, 1, 0).remaining
  const refunded = { ...counter, state: algorithm.giveBack(state as State, quota, cost, now) }
  return standingAt(refunded, 1, 0).remaining === Math.min(size, before + cost)
}

/** Whether a counter that moved back with its clock says what it said before. */
export function moveBackKeeps<Q, State>(counter: Counter<Q, State>, cost: Units, by: Micros): boolean {
  const { algorithm, state, now } = counter
  const moved = state === undefined ? undefined : algorithm.moveBack(state, by)
  const [before, after] = [
    standingAt(counter, cost, 0),
    standingAt({ ...counter, state: moved, now: now - by }, cost, 0),
  ]
  return JSON.stringify(before) === JSON.stringify(after)
}

function standingAt<Q, State>(
  { algorithm, quota, state, now }: Counter<Q, State>,
  cost: Units,
  after: Micros,
): Standing {
  return algorithm.weigh(state, quota, cost, now + after)
}

function momentsBefore(span: Micros): Micros[] {
  return [0, 1, Math.floor(span / 2), span - 2, span - 1].filter((after) => after >= 0 && after < span)
}
