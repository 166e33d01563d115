import type { Zone } from '../../core/charge.js'
import { admitToWindow, takeFromWindow, weighWindow } from '../../core/fixed-window.js'
import { sameCounter } from '../../core/make-quota.js'
import type { CalendarWindow, FixedWindow, Quota, SlidingWindow, TokenBucket } from '../../core/quota.js'
import type { Rate } from '../../core/rate.js'
import { rateOf } from '../../core/rate.js'
import { slotOf } from '../../core/sliding-window.js'
import { admitToBucket, takeFromBucket, weighBucket } from '../../core/token-bucket.js'
import type { Micros, Units } from '../../core/units.js'
import { admitToLog, freeLog, NEWEST, takeInLog, weighLog } from './log-cells.js'
import type { Slab } from './slab.js'

/** The first cell of every row: until when its partition is blocked. */
export const BLOCKED_UNTIL = 0
const FIRST_COUNTER = 1

/** A counter of a zone, and where in a row its cells are. Told apart by `algorithm`. */
export type CellCounter = BucketCells | WindowCells | LogCells

interface BucketCells {
  readonly algorithm: 'token-bucket'
  readonly quota: TokenBucket
  readonly offset: number
  readonly rate: Rate
}

interface WindowCells {
  readonly algorithm: 'fixed-window'
  readonly quota: FixedWindow | CalendarWindow
  readonly offset: number
}

/** Three cells: the units in all, the time of the newest, and the place of the ring in the slab (0: they are all of that one time). */
export interface LogCells {
  readonly algorithm: 'sliding-window'
  readonly quota: SlidingWindow
  readonly offset: number
  readonly slot: Micros
}

/** The counters that a zone's rows hold. Counters are only ever added: what unchanged quotas counted stays. */
export interface Layout {
  readonly counters: CellCounter[]
  cells: number
}

export function createLayout(): Layout {
  return { counters: [], cells: FIRST_COUNTER }
}

/** The zone's counters in the layout, which grows by those that it lacks. */
export function countersOf(layout: Layout, zone: Zone): readonly CellCounter[] {
  return zone.counters.map((quota) => {
    const known = layout.counters.find((counter) => sameCounter(counter.quota, quota))
    if (known) return cellsFor(quota, known.offset)

    const counter = cellsFor(quota, layout.cells)
    layout.counters.push(counter)
    layout.cells += counter.algorithm === 'sliding-window' ? 3 : 2
    return counter
  })
}

function cellsFor(quota: Quota, offset: number): CellCounter {
  switch (quota.algorithm) {
    case 'token-bucket':
      return { algorithm: quota.algorithm, quota, offset, rate: rateOf(quota) }
    case 'fixed-window':
      return { algorithm: quota.algorithm, quota, offset }
    case 'sliding-window':
      return { algorithm: quota.algorithm, quota, offset, slot: slotOf(quota) }
  }
}

/** Counts a cost. `skew` is how far the store's time is ahead of the clock that calendars and clock windows go by. */
export function takeCells(
  counter: CellCounter,
  cells: Float64Array,
  row: number,
  cost: Units,
  now: Micros,
  skew: Micros,
  slab: Slab,
): void {
  const at = row + counter.offset
  switch (counter.algorithm) {
    case 'token-bucket':
      takeFromBucket(cells, at, counter.rate, cost, now)
      return
    case 'fixed-window':
      takeFromWindow(cells, at, counter.quota, cost, now, skew)
      return
    case 'sliding-window':
      takeInLog(counter, cells, at, cost, now, skew, slab)
  }
}

/**
 * Counts a cost under a quota if it fits, and leaves the standing after it in `figures`: for the rule whose one quota is
 * all that its zone counts, where it halves the arithmetic.
 */
export function admitCells(
  counter: CellCounter,
  cells: Float64Array,
  row: number,
  cost: Units,
  now: Micros,
  skew: Micros,
  slab: Slab,
): boolean {
  const at = row + counter.offset
  switch (counter.algorithm) {
    case 'token-bucket':
      return admitToBucket(cells, at, counter.quota.burst, counter.rate, cost, now)
    case 'fixed-window':
      return admitToWindow(cells, at, counter.quota, cost, now, skew)
    case 'sliding-window':
      return admitToLog(counter, cells, at, cost, now, skew, slab)
  }
}

/** Makes a counter as it was before its first charge. */
export function clearCells(counter: CellCounter, cells: Float64Array, row: number, slab: Slab): void {
  const at = row + counter.offset
  if (counter.algorithm === 'sliding-window') freeLog(cells, at, slab)
  cells[at] = 0
  cells[at + 1] = 0
}

/** Whether a counter says nothing any more. */
export function isSpent(counter: CellCounter, cells: Float64Array, row: number, now: Micros): boolean {
  const at = row + counter.offset
  switch (counter.algorithm) {
    case 'token-bucket':
      return (cells[at] as number) + (cells[at + 1] === 0 ? 0 : 1) <= now
    case 'fixed-window':
      return (cells[at] as number) <= now
    case 'sliding-window':
      return (cells[at + NEWEST] as number) + counter.quota.window <= now
  }
}

/** What a counter says of a cost under a quota of its kind, left in `figures`. */
export function weighCells(
  counter: CellCounter,
  quota: Quota,
  cells: Float64Array,
  row: number,
  cost: Units,
  now: Micros,
  slab: Slab,
): void {
  const at = row + counter.offset
  switch (counter.algorithm) {
    case 'token-bucket':
      weighBucket(cells, at, counter.quota.burst, counter.rate, cost, now)
      return
    case 'fixed-window':
      weighWindow(cells, at, quota.limit, cost, now)
      return
    case 'sliding-window':
      weighLog(counter, quota.limit, cells, at, cost, now, slab)
  }
}
