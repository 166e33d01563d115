import { figures } from './figures.js'
import type { TokenBucket } from './quota.js'
import type { Rate } from './rate.js'
import { rateOf } from './rate.js'
import type { Algorithm, Standing, Undo } from './standing.js'
import type { Micros, Units } from './units.js'

/** The moment at which the bucket is full again: `fullAt` microseconds and `part` of `Rate.units` parts of one more. */
export interface FullAgain {
  readonly fullAt: Micros
  readonly part: number
}

/**
 * Token bucket by the generic cell rate algorithm (ITU-T I.371): the state is the time at which the bucket is full
 * again. A debt is reckoned in parts, `Rate.units` of them to a microsecond and `Rate.time` to a unit, so that every
 * figure is a whole number and nothing is ever rounded away.
 */
export const tokenBucket: Algorithm<TokenBucket, FullAgain> = {
  weigh(state, quota, cost, now): Standing {
    const rate = rateOf(quota)
    const debt = debtAt(state, rate, now)
    const remaining = Math.max(0, quota.burst - Math.ceil(debt / rate.time))

    return {
      wait: cost > quota.burst ? Number.POSITIVE_INFINITY : untilRoom(cost, debt, quota, rate),
      remaining,
      resetAfter: debt === 0 ? 0 : untilRoom(remaining + 1, debt, quota, rate),
    }
  },

  take(state, quota, cost, now, countedAt = now): FullAgain {
    const rate = rateOf(quota)
    return afterDebt(debtAt(state, rate, countedAt) + cost * rate.time, rate, countedAt)
  },

  giveBack(state, quota, cost, now, undo): FullAgain {
    const rate = rateOf(quota)
    const debt = debtAt(state, rate, now)
    const credit = cost * rate.time - (undo ? refilledSince(undo, quota, rate, now) : 0)
    return afterDebt(debt >= MAY_BE_CUT ? debt : Math.max(0, debt - Math.max(0, credit)), rate, now)
  },

  moveBack: ({ fullAt, part }, by) => ({ fullAt: fullAt - by, part }),

  emptyAt: ({ fullAt, part }) => (part > 0 ? fullAt + 1 : fullAt),
}

/** A part that was counted at another rate is less than a microsecond at this one too. */
function debtAt(state: FullAgain | undefined, rate: Rate, now: Micros): number {
  return state ? Math.max(0, (state.fullAt - now) * rate.units + Math.min(state.part, rate.units)) : 0
}

/** A debt is kept up to here, which no bucket holds: other rules of its zone may take any number of units. */
const MOST_DEBT = Number.MAX_SAFE_INTEGER
/** From here on it may have been cut. What of it is whose is not known any more, and nothing is given back. */
const MAY_BE_CUT = MOST_DEBT - 2 ** 43

function afterDebt(debt: number, rate: Rate, now: Micros): FullAgain {
  const kept = Math.min(debt, MOST_DEBT)
  const part = kept % rate.units
  return { fullAt: now + (kept - part) / rate.units, part }
}

/** Time until `cost` fits into the bucket. */
function untilRoom(cost: Units, debt: number, quota: TokenBucket, rate: Rate): Micros {
  return Math.max(0, Math.ceil((debt - (quota.burst - cost) * rate.time) / rate.units))
}

/**
 * The parts that have flowed in for the undone charge itself: what it took from a bucket that would have stayed full
 * is there again without a refund, and is not given twice. The debt before it is told by its decision's figures;
 * without them it is taken for none.
 */
function refilledSince({ at, taken, standing }: Undo, quota: TokenBucket, rate: Rate, now: Micros): number {
  // The least debt that shows these figures, as `resetAfter` is rounded up to whole microseconds.
  const after = standing
    ? (standing.resetAfter - 1) * rate.units + 1 + (quota.burst - standing.remaining - 1) * rate.time
    : 0
  const before = Math.max(0, after - taken * rate.time)
  return Math.max(0, (now - at) * rate.units - before)
}

/**
 * The same arithmetic on two numbers in an array, `fullAt` and `part`, both 0 before the first charge: the form for
 * stores that keep a great many, as it makes no object. Twice as fast; `token-bucket.test.ts` holds the two together.
 */
export function weighBucket(cells: Float64Array, at: number, burst: Units, rate: Rate, cost: Units, now: Micros): void {
  const debt = debtIn(cells, at, rate, now)
  const remaining = Math.max(0, burst - Math.ceil(debt / rate.time))

  figures.wait =
    cost > burst ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil((debt - (burst - cost) * rate.time) / rate.units))
  figures.remaining = remaining
  figures.resetAfter = debt === 0 ? 0 : Math.ceil((debt - (burst - remaining - 1) * rate.time) / rate.units)
}

/** Counts `cost` in the two numbers. */
export function takeFromBucket(cells: Float64Array, at: number, rate: Rate, cost: Units, now: Micros): void {
  writeDebt(cells, at, debtIn(cells, at, rate, now) + cost * rate.time, rate, now)
}

/**
 * Both at once where the cost fits, with the standing after it in `figures`; where it does not, nothing changes. Written
 * out in one piece: a call with a number that is no small integer makes an object of it.
 */
export function admitToBucket(
  cells: Float64Array,
  at: number,
  burst: Units,
  { units, time }: Rate,
  cost: Units,
  now: Micros,
): boolean {
  const full = burst * time
  const part = Math.min(cells[at + 1] as number, units)
  const debt = Math.max(0, ((cells[at] as number) - now) * units + part) + cost * time
  const left = full - debt
  if (left < 0) return false

  const whole = Math.floor(debt / units)
  cells[at] = now + whole
  cells[at + 1] = debt - whole * units
  const remaining = Math.floor(left / time)
  figures.remaining = remaining
  figures.resetAfter = Math.ceil((time - (left - remaining * time)) / units)
  return true
}

function debtIn(cells: Float64Array, at: number, rate: Rate, now: Micros): number {
  return Math.max(0, ((cells[at] as number) - now) * rate.units + Math.min(cells[at + 1] as number, rate.units))
}

function writeDebt(cells: Float64Array, at: number, debt: number, rate: Rate, now: Micros): void {
  const kept = Math.min(debt, MOST_DEBT)
  const whole = Math.floor(kept / rate.units)
  cells[at] = now + whole
  cells[at + 1] = kept - whole * rate.units
}
