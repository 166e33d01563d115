import type { Micros, Units } from './units.js'

/** What a counter says of a cost under one quota, at one moment. */
export interface Standing {
  /** Time until the cost fits; 0 where it fits now, `Infinity` where it never will. */
  readonly wait: Micros
  /** Units left. */
  readonly remaining: Units
  /** Time until `remaining` grows; 0 when nothing is used. */
  readonly resetAfter: Micros
}

/** A charge that is to be undone in one counter. */
export interface Undo {
  /** When it was taken. */
  readonly at: Micros
  /** When its units count as taken, where it held them under a lease. */
  readonly countedAt?: Micros
  readonly taken: Units
  /** Where its decision says that it left the counter. Absent where its own rule has no quota there. */
  readonly standing: Pick<Standing, 'remaining' | 'resetAfter'> | undefined
}

/**
 * An algorithm: functions from values to values. The caller keeps the state, `undefined` before the first charge. Its
 * twin in Lua has the first three; the others stand there in `record.lua`, once for all algorithms.
 */
export interface Algorithm<Q, State> {
  /** What the counter says of `cost` under `quota`, whose limit may be another rule's than the one that counted. */
  weigh(state: State | undefined, quota: Q, cost: Units, now: Micros): Standing
  /** The counter with `cost` added, whether it fits or not; taken now, or, held under a lease, at `countedAt`. */
  take(state: State | undefined, quota: Q, cost: Units, now: Micros, countedAt?: Micros): State
  /** The counter with `cost` given back: the newest units, or those of `undo`; never more than are there. */
  giveBack(state: State, quota: Q, cost: Units, now: Micros, undo?: Undo): State
  /** The counter with all its times moved back, after a clock stepped back by as much. */
  moveBack(state: State, by: Micros): State
  /** The moment from which on the state says nothing. */
  emptyAt(state: State, quota: Q): Micros
}
