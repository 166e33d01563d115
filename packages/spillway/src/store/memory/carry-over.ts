import type { Zone } from '../../core/charge.js'
import { rateOf } from '../../core/rate.js'
import type { Entry, Log } from '../../core/sliding-window.js'
import type { Micros, Units } from '../../core/units.js'
import type { CellCounter } from './counter.js'
import type { Memory } from './decide.js'
import { bindingOf, blockUntil, startCall } from './decide.js'
import { freeLog, readLog, writeLog } from './log-cells.js'
import { claim, locate } from './pool.js'
import type { Slab } from './slab.js'

/** What another store last said that a counter has counted. */
export interface Carried {
  readonly used: Units
  /** How many of them leave first. */
  readonly first: Units
  /** In how long those leave. Less than zero: they would be gone by now. */
  readonly resetAfter: Micros
  /** How long ago that was said. */
  readonly age: Micros
}

/** Makes a record hold no less than was said of it, counter by counter of its zone, and its block last no less than `blockedFor`. */
export function carryOver(
  memory: Memory,
  zone: Zone,
  partition: string,
  carried: readonly (Carried | undefined)[],
  blockedFor: Micros,
): void {
  const now = startCall(memory)
  if (blockedFor > 0) blockUntil(memory, zone, partition, now + blockedFor, now)
  const { table, counters, cursor } = bindingOf(memory, zone)
  for (const [i, counter] of counters.entries()) {
    const said = carried[i]
    if (said === undefined || said.used === 0) continue
    if (!locate(memory.pool, table, partition, cursor)) claim(memory.pool, table, partition, now, cursor)
    carryInto(counter, cursor.cells, cursor.row, said, now, memory.pool.slab)
  }
}

function carryInto(
  { quota, offset }: CellCounter,
  cells: Float64Array,
  row: number,
  said: Carried,
  now: Micros,
  slab: Slab,
): void {
  const at = row + offset
  switch (quota.algorithm) {
    case 'token-bucket': {
      const { units, time } = rateOf(quota)
      const debt = Math.max(0, said.resetAfter * units + (said.used - 1) * time)
      const before = Math.max(0, ((cells[at] as number) - now) * units + (cells[at + 1] as number))
      const most = Math.max(debt, before)
      cells[at] = now + Math.floor(most / units)
      cells[at + 1] = most % units
      return
    }
    case 'fixed-window': {
      if (said.resetAfter <= 0) return
      const open = (cells[at] as number) > now
      cells[at] = Math.max(cells[at] as number, now + said.resetAfter)
      cells[at + 1] = Math.max(open ? (cells[at + 1] as number) : 0, said.used)
      return
    }
    case 'sliding-window': {
      const { window } = quota
      const before = readLog(cells, at, slab).filter((entry) => entry.at + window > now)
      freeLog(cells, at, slab)
      writeLog(cells, at, noLess(before, logOf(said, window, now), now), slab)
    }
  }
}

/** Only of the units that leave first it is known when: the others may all have been taken just before it was said. */
function logOf({ used, first, resetAfter, age }: Carried, window: Micros, now: Micros): Log {
  const entries: readonly Entry[] = [
    { at: Math.min(now + resetAfter - window, now - age), units: Math.min(first, used) },
    { at: now - age, units: used - first },
  ]
  return entries.filter(({ at, units }) => units > 0 && at + window > now)
}

/** The log with as many units as the other has, if it has fewer. */
function noLess(log: Log, other: Log, now: Micros): Log {
  if (log.length === 0) return other
  const missing = unitsIn(other) - unitsIn(log)
  return missing > 0
    ? [...log.filter(({ at }) => at < now), { at: now, units: missing + unitsIn(log.filter(({ at }) => at >= now)) }]
    : log
}

function unitsIn(log: Log): Units {
  return log.reduce((sum, { units }) => sum + units, 0)
}
