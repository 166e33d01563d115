import { figures } from '../../core/figures.js'
import type { SlidingWindow } from '../../core/quota.js'
import {
  append,
  copyRing,
  expire,
  mergeSlots,
  oldestIn,
  readRing,
  sizeOfRing,
  untilGone,
  writeRing,
} from '../../core/ring-log.js'
import type { Log } from '../../core/sliding-window.js'
import type { Micros, Units } from '../../core/units.js'
import type { Slab } from './slab.js'
import { allocate, capacityFor, release, ringAt } from './slab.js'

/**
 * The cells of a log: its units in all; the times of its newest and of its oldest entry, so that a charge that fits need
 * not look the oldest up; the place of its ring, 0 while one entry is all.
 */
const TOTAL = 0
export const NEWEST = 1
const OLDEST = 2
const PLACE = 3
/** How many they are. */
export const LOG_CELLS = 4

/** Of a log that cells hold, what is the same in every row. */
interface LogCells {
  readonly quota: SlidingWindow
  readonly slot: Micros
}

/** `slidingWindow.weigh` on cells, left in `figures`. */
export function weighLog(
  { quota: { window } }: LogCells,
  limit: Units,
  cells: Float64Array,
  at: number,
  cost: Units,
  now: Micros,
  slab: Slab,
): void {
  const used = dropExpired(cells, at, window, now, slab)
  const excess = used + cost - limit

  figures.wait =
    cost > limit ? Number.POSITIVE_INFINITY : excess > 0 ? waitFor(excess, cells, at, window, now, slab) : 0
  figures.remaining = Math.max(0, limit - used)
  figures.resetAfter = used === 0 ? 0 : waitFor(Math.max(1, used - limit + 1), cells, at, window, now, slab)
}

/** `slidingWindow.take` on cells. */
export function takeInLog(
  counter: LogCells,
  cells: Float64Array,
  at: number,
  cost: Units,
  now: Micros,
  skew: Micros,
  slab: Slab,
): void {
  add(counter, cells, at, dropExpired(cells, at, counter.quota.window, now, slab), cost, now, skew, slab)
}

/** `weighLog` and `takeInLog` at once where the cost fits, with the standing after it in `figures`; where it does not, nothing is counted. */
export function admitToLog(
  counter: LogCells,
  cells: Float64Array,
  at: number,
  cost: Units,
  now: Micros,
  skew: Micros,
  slab: Slab,
): boolean {
  const { window, limit } = counter.quota
  const used = dropExpired(cells, at, window, now, slab)
  if (used + cost > limit) return false

  add(counter, cells, at, used, cost, now, skew, slab)
  figures.remaining = limit - used - cost
  figures.resetAfter = waitFor(1, cells, at, window, now, slab)
  return true
}

function add(
  counter: LogCells,
  cells: Float64Array,
  at: number,
  used: Units,
  cost: Units,
  now: Micros,
  skew: Micros,
  slab: Slab,
): void {
  const newest = cells[at + NEWEST] as number
  cells[at + TOTAL] = used + cost
  cells[at + NEWEST] = now
  if (used === 0) cells[at + OLDEST] = now

  if (cells[at + PLACE] === 0) {
    if (used === 0 || newest === now) return
    const place = allocate(slab, capacityFor(2))
    if (place === 0) {
      cells[at + OLDEST] = now
      return
    }
    cells[at + PLACE] = place
    append(ringAt(slab, place), used, newest)
  } else if (newest !== now) makeRoom(counter, cells, at, skew, slab)

  append(ringAt(slab, cells[at + PLACE] as number), cost, now)
}

/** The log that cells hold. */
export function readLog(cells: Float64Array, at: number, slab: Slab): Log {
  const [units, moment, place] = [
    cells[at + TOTAL] as number,
    cells[at + NEWEST] as number,
    cells[at + PLACE] as number,
  ]
  if (place !== 0) return readRing(ringAt(slab, place))
  return units > 0 ? [{ at: moment, units }] : []
}

/** Makes cells without a ring hold a log. Where the memory bound leaves no room for it, all counts as of its newest moment. */
export function writeLog(cells: Float64Array, at: number, log: Log, slab: Slab): void {
  cells[at + TOTAL] = log.reduce((sum, { units }) => sum + units, 0)
  cells[at + NEWEST] = log.at(-1)?.at ?? 0
  cells[at + PLACE] = log.length > 1 ? allocate(slab, capacityFor(log.length)) : 0
  cells[at + OLDEST] = cells[at + PLACE] === 0 ? (cells[at + NEWEST] as number) : (log[0]?.at ?? 0)
  if (cells[at + PLACE] !== 0) writeRing(ringAt(slab, cells[at + PLACE] as number), log)
}

/** Gives the ring of a log back, if it has one. */
export function freeLog(cells: Float64Array, at: number, slab: Slab): void {
  if (cells[at + PLACE] !== 0) release(slab, cells[at + PLACE] as number)
  cells[at + PLACE] = 0
}

/** Drops what no longer counts, and returns the units that still do. */
function dropExpired(cells: Float64Array, at: number, window: Micros, now: Micros, slab: Slab): Units {
  const used = cells[at + TOTAL] as number
  if (used === 0 || (cells[at + OLDEST] as number) + window > now) return used

  const place = cells[at + PLACE] as number
  if (place === 0) cells[at + TOTAL] = 0
  else {
    const ring = ringAt(slab, place)
    cells[at + TOTAL] = used - expire(ring, window, now)
    cells[at + OLDEST] = oldestIn(ring)
  }
  return cells[at + TOTAL] as number
}

/** Time until the oldest `units` no longer count. At least one unit does. */
function waitFor(units: Units, cells: Float64Array, at: number, window: Micros, now: Micros, slab: Slab): Micros {
  const place = cells[at + PLACE] as number
  return place === 0 || units === 1
    ? (cells[at + OLDEST] as number) + window - now
    : untilGone(ringAt(slab, place), units, window, now)
}

/** Lets a full ring take one more entry: by merging, or in a larger ring. */
function makeRoom({ quota, slot }: LogCells, cells: Float64Array, at: number, skew: Micros, slab: Slab): void {
  const place = cells[at + PLACE] as number
  const most = 2 * quota.resolution
  const ring = ringAt(slab, place)
  const size = sizeOfRing(ring)
  if (size < Math.min(most, ring.capacity)) return
  if (size >= most) mergeSlots(ring, slot, skew)
  else enlarge(cells, at, slot, skew, slab)
  cells[at + OLDEST] = oldestIn(ringAt(slab, cells[at + PLACE] as number))
}

/** Moves a log into a ring twice as large; where the memory bound forbids that, merges wider slots until one entry is free. */
function enlarge(cells: Float64Array, at: number, slot: Micros, skew: Micros, slab: Slab): void {
  const place = cells[at + PLACE] as number
  const { cells: ringCells, base, capacity } = ringAt(slab, place)
  const larger = allocate(slab, 2 * capacity)
  if (larger !== 0) {
    copyRing({ cells: ringCells, base, capacity }, ringAt(slab, larger))
    release(slab, place)
    cells[at + PLACE] = larger
    return
  }
  for (let wider = slot; sizeOfRing(ringAt(slab, place)) === capacity; wider *= 2)
    mergeSlots(ringAt(slab, place), wider, skew)
}
