import type { Micros, Units } from './units.js'

/** How much is allowed: told apart by `algorithm`, and a fixed window further by `align`. Made by `quota` and `quotas`. */
export type Quota = SlidingWindow | FixedWindow | CalendarWindow | TokenBucket

/** In no interval as long as `window` are more than `limit` units admitted, ever. */
export interface SlidingWindow {
  readonly algorithm: 'sliding-window'
  readonly limit: Units
  readonly window: Micros
  /** The log merges entries within `window / resolution` once it holds twice this many. */
  readonly resolution: number
}

/**
 * `limit` units from the start of a window to its end; the window starts at its first charge, or at a multiple of
 * itself since the epoch.
 */
export interface FixedWindow {
  readonly algorithm: 'fixed-window'
  readonly limit: Units
  readonly window: Micros
  readonly align: 'first' | 'clock'
}

/** A fixed window that a calendar draws: `limit` units a local day, week (from Monday), month or year. */
export interface CalendarWindow {
  readonly algorithm: 'fixed-window'
  readonly limit: Units
  readonly align: 'calendar'
  readonly every: CalendarUnit
  /** An IANA time zone name, such as `Europe/Berlin`. */
  readonly timezone: string
}

/** What a calendar window is: a local day, week (from Monday), month or year. */
export type CalendarUnit = 'day' | 'week' | 'month' | 'year'

/** Holds at most `burst` units, refilled continuously at `limit` units a `window`. */
export interface TokenBucket {
  readonly algorithm: 'token-bucket'
  readonly limit: Units
  readonly window: Micros
  readonly burst: Units
}
