import type { CalendarUnit, Micros } from 'spillway'

const HOUR: Micros = 3_600_000_000
const DAY = 24 * HOUR

/** The shortest day, week, month and year of any time zone: an hour may be skipped. */
export const SHORTEST_SPAN: Readonly<Record<CalendarUnit, Micros>> = {
  day: DAY - HOUR,
  week: 7 * DAY - HOUR,
  month: 28 * DAY - HOUR,
  year: 365 * DAY - HOUR,
}

/** The longest: an hour may come twice. */
export const LONGEST_SPAN: Readonly<Record<CalendarUnit, Micros>> = {
  day: DAY + HOUR,
  week: 7 * DAY + HOUR,
  month: 31 * DAY + HOUR,
  year: 366 * DAY + HOUR,
}
