import type { Quota } from '../../core/quota.js'
import type { Undo } from '../../core/standing.js'
import type { Micros, Units } from '../../core/units.js'
import type { Slab } from './slab.js'

/**
 * A counter of a zone: its algorithm, on cells of a row. `now` is the store's time, and `skew` how far that is ahead of
 * the clock that calendars and clock windows go by.
 */
export interface CellCounter {
  readonly quota: Quota
  /** Where in a row its cells begin. */
  readonly offset: number
  /** How many they are. Before the first charge all are 0. */
  readonly length: number
  /** What it says of a cost under a quota of its kind, left in `figures`. */
  weigh(quota: Quota, cells: Float64Array, row: number, cost: Units, now: Micros): void
  /** Counts a cost. */
  take(cells: Float64Array, row: number, cost: Units, now: Micros, skew: Micros): void
  /** Counts a cost if it fits, and leaves the standing after it in `figures`. For a rule whose one quota is all that its zone counts. */
  readonly admit: Admit
  /** Gives units back. Refunds are rare: the plain form of the algorithm does it, on a copy. */
  giveBack(cells: Float64Array, row: number, cost: Units, now: Micros, skew: Micros, undo: Undo | undefined): void
  /** Whether it says nothing any more. */
  isSpent(cells: Float64Array, row: number, now: Micros): boolean
  /** Lets go of what it holds outside of its row. */
  release(cells: Float64Array, row: number): void
  /** After its cells were copied from another row: gives them what they hold outside of it anew. */
  detach(cells: Float64Array, row: number): void
}

/** Counts a cost if it fits. */
export type Admit = (cells: Float64Array, row: number, cost: Units, now: Micros, skew: Micros) => boolean

/** Makes the counter for a quota. A store has those algorithms that its counters are made for. */
export type MakeCounter = (quota: Quota, offset: number, slab: Slab) => CellCounter

/** Of a counter that holds nothing outside of its row. */
export const holdsNothing = { release: () => undefined, detach: () => undefined } satisfies Partial<CellCounter>

/** What is to be undone, in the time of the clock. */
export function onTheWall(undo: Undo | undefined, skew: Micros): Undo | undefined {
  return undo && { ...undo, at: undo.at - skew, countedAt: undo.at - skew }
}
