import type { Charge, Refund } from './charge.js'
import type { Decision } from './decision.js'
import type { WindowCount } from './fixed-window.js'
import { fixedWindow } from './fixed-window.js'
import type { Quota } from './quota.js'
import type { Log } from './sliding-window.js'
import { slidingWindow } from './sliding-window.js'
import type { Algorithm } from './standing.js'
import { figuresOf, joined } from './tightest.js'
import type { FullAgain } from './token-bucket.js'
import { tokenBucket } from './token-bucket.js'
import { undoOf } from './undo.js'
import type { Micros, Units } from './units.js'

/** The state of one partition in one zone. */
export interface Record {
  /** When it was last looked at. */
  readonly at: Micros
  readonly blockedUntil: Micros
  /** One for each of the zone's counters; `undefined` before its first charge. */
  readonly counters: readonly (CounterState | undefined)[]
}

/** The state of a counter: which of the three, its quota's algorithm says. */
export type CounterState = Log | WindowCount | FullAgain

/**
 * The record as it stands at `now`. Where the clock stepped back, its times are moved back with it. `counters` are those
 * of its zone.
 */
export function recordAt(record: Record | undefined, counters: readonly Quota[], now: Micros): Record {
  if (!record) return { at: now, blockedUntil: Number.NEGATIVE_INFINITY, counters: counters.map(() => undefined) }
  const by = record.at - now
  if (by <= 0) return { ...record, at: now }

  return {
    at: now,
    blockedUntil: record.blockedUntil - by,
    counters: record.counters.map((state, i) => state && algorithmOf(counters[i] as Quota).moveBack(state, by)),
  }
}

/**
 * What the record says of a charge whose partition is blocked until `blockedUntil`, after `ahead` units that the same
 * request takes from it first.
 */
export function weigh(record: Record, charge: Charge, ahead: Units, blockedUntil: Micros, now: Micros): Decision {
  const standings = charge.quotas.map(({ quota, counter }) => {
    const state = record.counters[counter]
    const { wait, remaining, resetAfter } = algorithmOf(quota).weigh(state, quota, charge.cost + ahead, now)
    return { quota, remaining, resetAfter, retryAfter: wait }
  })
  return joined(standings, blockedUntil - now, now)
}

/** The record with the charge counted in every counter of its zone; one without quotas counts nowhere. */
export function take(record: Record, charge: Charge, now: Micros): Record {
  if (charge.quotas.length === 0) return record
  const countedAt = now + (charge.heldFor ?? 0)
  const counters = charge.zone.counters.map((quota, i) =>
    algorithmOf(quota).take(record.counters[i], quota, charge.cost, now, countedAt),
  )
  return { ...record, counters }
}

/** The decision on a charge that was taken. */
export function taken(record: Record, charge: Charge, now: Micros): Decision {
  const standings = charge.quotas.map(({ quota, counter }) => {
    const { remaining, resetAfter } = algorithmOf(quota).weigh(record.counters[counter], quota, 0, now)
    return { quota, remaining, resetAfter, retryAfter: 0 }
  })
  return { kind: 'allowed', ...figuresOf(standings), at: now, taken: standings.length > 0 ? charge.cost : 0 }
}

/** The record with units given back in every counter. */
export function giveBack(record: Record, { zone, cost, decision, heldFor }: Refund, now: Micros): Record {
  if (decision && decision.kind !== 'allowed') return record
  const units = Math.min(cost, decision?.taken ?? cost)
  const counters = record.counters.map((state, i) => {
    const quota = zone.counters[i] as Quota
    const undo = decision && undoOf(decision, quota, heldFor)
    return state && algorithmOf(quota).giveBack(state, quota, units, now, undo)
  })
  return { ...record, counters }
}

const ALGORITHMS = { 'sliding-window': slidingWindow, 'fixed-window': fixedWindow, 'token-bucket': tokenBucket }

/** That a counter's state is its algorithm's own is the record's promise, which no type can tell. */
function algorithmOf({ algorithm }: Quota): Algorithm<Quota, CounterState> {
  return ALGORITHMS[algorithm] as Algorithm<Quota, unknown> as Algorithm<Quota, CounterState>
}
