import { admitToWindow, takeFromWindow, weighWindow } from '../../core/fixed-window.js'
import type { Quota } from '../../core/quota.js'
import { admitToBucket, takeFromBucket, weighBucket } from '../../core/token-bucket.js'
import type { Micros, Units } from '../../core/units.js'
import type { CellCounter } from './layout.js'
import { admitToLog, freeLog, NEWEST, takeInLog, weighLog } from './log-cells.js'
import type { Slab } from './slab.js'

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
 * all that its zone counts, where it spares weighing the counter again.
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
