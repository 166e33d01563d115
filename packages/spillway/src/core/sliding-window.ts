import type { SlidingWindow } from './quota.js'
import type { Algorithm, Standing, Undo } from './standing.js'
import type { Micros, Units } from './units.js'

/** Units that were taken at one moment, or, where entries were merged, at that moment and a little before. */
export interface Entry {
  readonly at: Micros
  readonly units: Units
}

/** What was taken, oldest first. */
export type Log = readonly Entry[]

/**
 * The default algorithm: an exact log. A unit taken at `t` counts in `[t, t + window)`, so that no interval as long as
 * the window ever holds more than the limit. Once the log has twice `resolution` entries, those in the same slot of
 * `window / resolution` merge at the later time: a unit may then count a little longer, never shorter.
 */
export const slidingWindow: Algorithm<SlidingWindow, Log> = {
  weigh(log, quota, cost, now): Standing {
    const counted = unexpired(log ?? [], quota, now)
    const used = unitsIn(counted)
    const excess = used + cost - quota.limit

    return {
      wait: cost > quota.limit ? Number.POSITIVE_INFINITY : untilGone(excess, counted, quota, now),
      remaining: Math.max(0, quota.limit - used),
      resetAfter: untilGone(Math.max(1, used - quota.limit + 1), counted, quota, now),
    }
  },

  take(log, quota, cost, now, countedAt = now): Log {
    const counted = unexpired(log ?? [], quota, now)
    const last = counted.at(-1)
    if (last && last.at >= countedAt) return [...counted.slice(0, -1), { at: last.at, units: last.units + cost }]

    const room = counted.length < 2 * quota.resolution ? counted : merged(counted, slotOf(quota))
    return [...room, { at: countedAt, units: cost }]
  },

  giveBack(log, quota, cost, now, undo): Log {
    const counted = unexpired(log, quota, now)
    return undo ? withoutCharge(counted, quota, cost, now, undo) : withoutNewest(counted, cost)
  },

  moveBack: (log, by) => log.map(({ at, units }) => ({ at: at - by, units })),

  emptyAt: (log, quota) => (log.at(-1)?.at ?? Number.NEGATIVE_INFINITY) + quota.window,
}

/** The time in which entries may merge. Rounded up: at most `resolution + 1` slots touch a window. */
export function slotOf(quota: SlidingWindow): Micros {
  return Math.ceil(quota.window / quota.resolution)
}

function unexpired(log: Log, quota: SlidingWindow, now: Micros): Log {
  return log.filter(({ at }) => at + quota.window > now)
}

function unitsIn(log: Log): Units {
  return log.reduce((sum, { units }) => sum + units, 0)
}

/** Time until the oldest `units` no longer count; 0 where there are none to wait for. */
function untilGone(units: Units, log: Log, quota: SlidingWindow, now: Micros): Micros {
  let gone = 0
  if (units <= 0) return 0
  for (const entry of log) {
    gone += entry.units
    if (gone >= units) return entry.at + quota.window - now
  }
  return 0
}

function merged(log: Log, slot: Micros): Log {
  const out: Entry[] = []
  for (const entry of log) {
    const last = out.at(-1)
    if (last && Math.floor(last.at / slot) === Math.floor(entry.at / slot)) {
      out[out.length - 1] = { at: entry.at, units: last.units + entry.units }
    } else out.push(entry)
  }
  return out
}

/**
 * The charge stands in the entry of its own moment, or, where it was merged, in the first later one of its slot. One
 * whose own window is over gives nothing back: what stands there may be another's.
 */
function withoutCharge(log: Log, quota: SlidingWindow, cost: Units, now: Micros, undo: Undo): Log {
  const slot = slotOf(quota)
  const { countedAt = undo.at } = undo
  const index = log.findIndex(({ at }) => at >= countedAt)
  const found = log[index]
  const itsOwn = found && (found.at === countedAt || Math.floor(found.at / slot) === Math.floor(countedAt / slot))
  if (!itsOwn || countedAt + quota.window <= now) return log

  return log
    .map((entry, i) => (i === index ? { at: entry.at, units: entry.units - Math.min(cost, entry.units) } : entry))
    .filter(({ units }) => units > 0)
}

function withoutNewest(log: Log, cost: Units): Log {
  let left = cost
  const kept: Entry[] = []
  for (const { at, units } of log.toReversed()) {
    const back = Math.min(left, units)
    left -= back
    if (units > back) kept.unshift({ at, units: units - back })
  }
  return kept
}
