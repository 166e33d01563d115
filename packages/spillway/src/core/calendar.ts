import type { CalendarUnit } from './quota.js'
import type { Micros } from './units.js'
import { SECOND } from './units.js'

/** One day, week, month or year of a time zone: `[startsAt, endsAt)`, moments since the Unix epoch. */
export interface CalendarSpan {
  readonly startsAt: Micros
  readonly endsAt: Micros
}

/**
 * The local day, week (from Monday), month or year that a moment is in. It begins at the first moment whose local date
 * is in it: where daylight saving skips midnight that is 01:00, where a zone skips a whole date that date has no span,
 * and where the clock goes back over midnight the new date goes on. So spans meet without a gap and never overlap.
 * Throws `RangeError` for a time zone that Intl does not know.
 *
 * The last two spans of each unit and zone are kept (two, as records from yesterday meet charges of today), because to
 * work one out takes tens of look-ups in Intl: thousands of times as long.
 */
export function calendarWindow(every: CalendarUnit, timezone: string, now: Micros): CalendarSpan {
  const kept = LAST_SPANS[every].get(timezone)
  if (kept !== undefined && holds(kept.newer, now)) return kept.newer
  if (kept !== undefined && holds(kept.older, now)) return kept.older

  const span = spanAround(every, timezone, now)
  LAST_SPANS[every].set(timezone, { newer: span, older: kept?.newer ?? span })
  return span
}

/** Whether Intl knows a time zone by this name. */
export function isTimezone(name: string): boolean {
  try {
    formatFor(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Whole seconds: offsets between zones are that, and so are the moments at which they change. */
type Seconds = number

/** The span that was worked out last, and the one before it. */
interface KeptSpans {
  readonly newer: CalendarSpan
  readonly older: CalendarSpan
}

const LAST_SPANS: Readonly<Record<CalendarUnit, Map<string, KeptSpans>>> = {
  day: new Map(),
  week: new Map(),
  month: new Map(),
  year: new Map(),
}
const FORMATS = new Map<string, Intl.DateTimeFormat>()

/** More than any offset from UTC, those of local mean times too. */
const LARGEST_OFFSET: Seconds = 16 * 3600
/** Less than between any two changes of a zone's offset. */
const STRIDE: Seconds = 8 * 3600

function holds({ startsAt, endsAt }: CalendarSpan, moment: Micros): boolean {
  return moment >= startsAt && moment < endsAt
}

function spanAround(every: CalendarUnit, timezone: string, now: Micros): CalendarSpan {
  const today = wallClock(timezone, Math.floor(now / SECOND))
  let next = firstDate(every, today, 1)
  let startsAt = firstMoment(timezone, firstDate(every, today, 0)) * SECOND
  let endsAt = firstMoment(timezone, next) * SECOND
  while (now >= endsAt) {
    // The clock went back over midnight: the new span began the first time round.
    next = firstDate(every, next, 1)
    startsAt = endsAt
    endsAt = firstMoment(timezone, next) * SECOND
  }
  return Object.freeze({ startsAt, endsAt })
}

/**
 * Midnight at the start of the unit that a wall-clock time is in, or of a later unit. Wall-clock times are written as
 * if in UTC.
 */
function firstDate(every: CalendarUnit, wall: Seconds, later: number): Seconds {
  const date = new Date(wall * 1000)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  switch (every) {
    case 'day':
      return Date.UTC(year, month, day + later) / 1000
    case 'week':
      return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7) + 7 * later) / 1000
    case 'month':
      return Date.UTC(year, month + later) / 1000
    case 'year':
      return Date.UTC(year + later, 0) / 1000
  }
}

/** The first moment at which a zone's wall clock shows this time or a later one. */
function firstMoment(timezone: string, wall: Seconds): Seconds {
  let from = wall - LARGEST_OFFSET
  let offset = offsetAt(timezone, from)
  while (true) {
    const change = nextChange(timezone, from, offset, wall + LARGEST_OFFSET)
    const moment = Math.max(from, wall - offset)
    if (change === undefined || moment < change) return moment
    from = change
    offset = offsetAt(timezone, from)
  }
}

/** When the offset is first another one, up to `until`. */
function nextChange(timezone: string, from: Seconds, offset: Seconds, until: Seconds): Seconds | undefined {
  let before = from
  let after = from
  do {
    if (after >= until) return undefined
    before = after
    after += STRIDE
  } while (offsetAt(timezone, after) === offset)

  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(timezone, middle) === offset) before = middle
    else after = middle
  }
  return after
}

function offsetAt(timezone: string, moment: Seconds): Seconds {
  return wallClock(timezone, moment) - moment
}

function wallClock(timezone: string, moment: Seconds): Seconds {
  const fields: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of formatFor(timezone).formatToParts(moment * 1000)) fields[type] = Number(value)
  const { year = 0, month = 1, day, hour, minute, second } = fields
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000
}

function formatFor(timezone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timezone)
  if (known !== undefined) return known

  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  FORMATS.set(timezone, format)
  return format
}
