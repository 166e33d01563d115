import { admitToWindow, takeFromWindow, weighWindow } from '../../core/fixed-window.js'
import type { Quota } from '../../core/quota.js'
import { sizeOf } from '../../core/tightest.js'
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

/** Counts a cost if it fits, and leaves the standing after it in `figures`. */
export type Admit = (cells: Float64Array, row: number, cost: Units, now: Micros, skew: Micros) => boolean

/**
 * The admission to one counter, for the rule whose one quota is all that its zone counts: it spares weighing the counter
 * again, and choosing the algorithm at every charge.
 */
export function admitterOf(counter: CellCounter, slab: Slab): Admit {
  const { offset } = counter
  switch (counter.algorithm) {
    case 'token-bucket': {
      const { rate } = counter
      const { burst } = counter.quota
      return (cells, row, cost, now) => admitToBucket(cells, row + offset, burst, rate, cost, now)
    }
    case 'fixed-window': {
      const { quota } = counter
      return (cells, row, cost, now, skew) => admitToWindow(cells, row + offset, quota, cost, now, skew)
    }
    case 'sliding-window':
      return (cells, row, cost, now, skew) => admitToLog(counter, cells, row + offset, cost, now, skew, slab)
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
      weighBucket(cells, at, sizeOf(quota), counter.rate, cost, now)
      return
    case 'fixed-window':
      weighWindow(cells, at, quota.limit, cost, now)
      return
    case 'sliding-window':
      weighLog(counter, quota.limit, cells, at, cost, now, slab)
  }
}
