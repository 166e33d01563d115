import { calendarWindow } from './calendar.js'
import { figures } from './figures.js'
import type { CalendarWindow, FixedWindow } from './quota.js'
import type { Algorithm, Standing } from './standing.js'
import type { Micros, Units } from './units.js'

/** What was taken since the window started. */
export interface WindowCount {
  readonly endsAt: Micros
  readonly count: Units
}

/**
 * Counts from the start of a window to its end. The window starts at its first charge, at a multiple of its length, or
 * where a calendar says. Up to twice the limit can pass in the time around a boundary.
 */
export const fixedWindow: Algorithm<FixedWindow | CalendarWindow, WindowCount> = {
  weigh(state, quota, cost, now): Standing {
    const used = state && now < state.endsAt ? state.count : 0
    const untilEnd = state && used > 0 ? state.endsAt - now : 0

    return {
      wait: cost > quota.limit ? Number.POSITIVE_INFINITY : used + cost > quota.limit ? untilEnd : 0,
      remaining: Math.max(0, quota.limit - used),
      resetAfter: untilEnd,
    }
  },

  take(state, quota, cost, now): WindowCount {
    return state && now < state.endsAt
      ? { endsAt: state.endsAt, count: state.count + cost }
      : { endsAt: windowEnd(quota, now), count: cost }
  },

  giveBack(state, quota, cost, now, undo): WindowCount {
    const over = now >= state.endsAt || (undo !== undefined && undo.at < windowStart(quota, state.endsAt))
    return over ? state : { endsAt: state.endsAt, count: Math.max(0, state.count - cost) }
  },

  moveBack: ({ endsAt, count }, by) => ({ endsAt: endsAt - by, count }),

  emptyAt: (state) => state.endsAt,
}

/** The end of the window that a charge at `now` would open. */
export function windowEnd(quota: FixedWindow | CalendarWindow, now: Micros): Micros {
  switch (quota.align) {
    case 'first':
      return now + quota.window
    case 'clock':
      return now - (now % quota.window) + quota.window
    case 'calendar':
      return calendarWindow(quota.every, quota.timezone, now).endsAt
  }
}

/** The start of the window that ends at `endsAt`. */
export function windowStart(quota: FixedWindow | CalendarWindow, endsAt: Micros): Micros {
  return quota.align === 'calendar'
    ? calendarWindow(quota.every, quota.timezone, endsAt - 1).startsAt
    : endsAt - quota.window
}

/**
 * The same arithmetic on two numbers in an array, `endsAt` and `count`, both 0 before the first charge: the form for
 * stores that keep a great many, as it makes no object. `fixed-window.test.ts` holds the two together.
 */
export function weighWindow(cells: Float64Array, at: number, limit: Units, cost: Units, now: Micros): void {
  const endsAt = cells[at] as number
  const used = now < endsAt ? (cells[at + 1] as number) : 0
  const untilEnd = used > 0 ? endsAt - now : 0

  figures.wait = cost > limit ? Number.POSITIVE_INFINITY : used + cost > limit ? untilEnd : 0
  figures.remaining = Math.max(0, limit - used)
  figures.resetAfter = untilEnd
}

/** Counts `cost` in the two numbers. `skew` is how far `now` is ahead of the clock that calendars and clock windows go by. */
export function takeFromWindow(
  cells: Float64Array,
  at: number,
  quota: FixedWindow | CalendarWindow,
  cost: Units,
  now: Micros,
  skew: Micros,
): void {
  if (now < (cells[at] as number)) {
    cells[at + 1] = (cells[at + 1] as number) + cost
    return
  }
  cells[at] = windowEnd(quota, now - skew) + skew
  cells[at + 1] = cost
}

/** Both at once where the cost fits, with the standing after it in `figures`; where it does not, nothing changes. */
export function admitToWindow(
  cells: Float64Array,
  at: number,
  quota: FixedWindow | CalendarWindow,
  cost: Units,
  now: Micros,
  skew: Micros,
): boolean {
  const open = now < (cells[at] as number)
  const used = (open ? (cells[at + 1] as number) : 0) + cost
  if (used > quota.limit) return false

  if (!open) cells[at] = windowEnd(quota, now - skew) + skew
  cells[at + 1] = used
  figures.remaining = quota.limit - used
  figures.resetAfter = (cells[at] as number) - now
  return true
}
