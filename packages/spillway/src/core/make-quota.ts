import { isTimezone } from './calendar.js'
import { nextExactLimits, staysExact } from './exact-bucket.js'
import type { CalendarUnit, CalendarWindow, FixedWindow, Quota, SlidingWindow, TokenBucket } from './quota.js'
import type { Micros, Units } from './units.js'
import { MILLISECOND, YEAR } from './units.js'

/** What a quota is made from. What is absent takes the default that is named. */
export interface QuotaOptions {
  /** A whole number, at least 1. */
  readonly limit: Units
  /** Whole microseconds, from 1 ms to 10 years. Absent exactly where `every` is there. */
  readonly window?: Micros
  /** Default `sliding-window`; with `every`, `fixed-window`. */
  readonly algorithm?: Quota['algorithm']
  /** Only of a token bucket: the most units it holds. Default: the limit. */
  readonly burst?: Units
  /** Only of a fixed window: where it starts, at its first charge or at a multiple of itself since the epoch. Default `first`. */
  readonly align?: 'first' | 'clock'
  /** Only of a fixed window: the calendar draws it. */
  readonly every?: CalendarUnit
  /** Only with `every`: an IANA name such as `Europe/Berlin`. Default `UTC`. */
  readonly timezone?: string
  /** Only of a sliding window: 1 to 1000. Default 60. */
  readonly resolution?: number
}

/** 1 millisecond. */
export const SHORTEST_WINDOW: Micros = MILLISECOND
/** 10 years. */
export const LONGEST_WINDOW: Micros = 10 * YEAR
const DEFAULT_RESOLUTION = 60

const LARGEST_RESOLUTION = 1_000
const ALGORITHMS: readonly string[] = ['sliding-window', 'fixed-window', 'token-bucket'] satisfies Quota['algorithm'][]
const CALENDAR_UNITS: readonly string[] = ['day', 'week', 'month', 'year'] satisfies CalendarUnit[]

/**
 * A quota from its numbers, checked and frozen. Throws `RangeError`, which names the option, for a number that is not
 * whole or out of its range, for an option that is not the algorithm's, and for a token bucket whose arithmetic would
 * leave the integers below 2^53 (the message has the next limits that work).
 */
export function makeQuota(options: QuotaOptions): Quota {
  checkUnits('limit', options.limit)
  const algorithm = options.algorithm ?? (options.every === undefined ? 'sliding-window' : 'fixed-window')
  if (!ALGORITHMS.includes(algorithm)) {
    throw new RangeError(`algorithm must be ${ALGORITHMS.join(', ')}, not ${shown(algorithm)}`)
  }
  checkOptionsFit(options, algorithm)
  switch (algorithm) {
    case 'sliding-window':
      return slidingWindow(options)
    case 'fixed-window':
      return options.every === undefined ? fixedWindow(options) : calendarWindow(options, options.every)
    case 'token-bucket':
      return tokenBucket(options)
  }
}

/**
 * Whether two quotas of one zone share a counter: the same algorithm and window (and alignment, calendar, resolution).
 * Limits play no part. Token buckets that share one must also be alike in limit and burst: the zone sees to that.
 */
export function sameCounter(a: Quota, b: Quota): boolean {
  if (a.algorithm === 'sliding-window' && b.algorithm === 'sliding-window') {
    return a.window === b.window && a.resolution === b.resolution
  }
  if (a.algorithm === 'token-bucket' && b.algorithm === 'token-bucket') return a.window === b.window
  if (a.algorithm !== 'fixed-window' || b.algorithm !== 'fixed-window') return false
  if (a.align === 'calendar') return b.align === 'calendar' && a.every === b.every && a.timezone === b.timezone
  return b.align !== 'calendar' && a.align === b.align && a.window === b.window
}

function slidingWindow(options: QuotaOptions): SlidingWindow {
  const resolution = options.resolution ?? DEFAULT_RESOLUTION
  if (!Number.isInteger(resolution) || resolution < 1 || resolution > LARGEST_RESOLUTION) {
    throw new RangeError(`resolution must be a whole number from 1 to ${LARGEST_RESOLUTION}, not ${shown(resolution)}`)
  }
  return Object.freeze({
    algorithm: 'sliding-window',
    limit: options.limit,
    window: checkedWindow(options),
    resolution,
  })
}

function fixedWindow(options: QuotaOptions): FixedWindow {
  const align = options.align ?? 'first'
  if (align !== 'first' && align !== 'clock') throw new RangeError(`align must be first or clock, not ${shown(align)}`)
  return Object.freeze({ algorithm: 'fixed-window', limit: options.limit, window: checkedWindow(options), align })
}

function calendarWindow(options: QuotaOptions, every: CalendarUnit): CalendarWindow {
  if (!CALENDAR_UNITS.includes(every)) {
    throw new RangeError(`every must be day, week, month or year, not ${shown(every)}`)
  }
  const timezone = options.timezone ?? 'UTC'
  if (!isTimezone(timezone)) {
    throw new RangeError(`timezone must be an IANA name such as Europe/Berlin, not ${shown(timezone)}`)
  }
  return Object.freeze({ algorithm: 'fixed-window', limit: options.limit, align: 'calendar', every, timezone })
}

function tokenBucket(options: QuotaOptions): TokenBucket {
  const window = checkedWindow(options)
  const burst = options.burst ?? options.limit
  checkUnits('burst', burst)
  if (!staysExact(options.limit, window, burst)) {
    const next = nextExactLimits(options.limit, window, options.burst)
    const mending = next.length > 0 ? `write ${next.join(' or ')}` : 'take a shorter window or a smaller burst'
    throw new RangeError(`limit ${options.limit} of a token bucket with this window and burst is not exact: ${mending}`)
  }
  return Object.freeze({ algorithm: 'token-bucket', limit: options.limit, window, burst })
}

function checkOptionsFit(options: QuotaOptions, algorithm: Quota['algorithm']): void {
  const refuse = (option: keyof QuotaOptions, owner: string): void => {
    if (options[option] !== undefined) throw new RangeError(`${option} is only for ${owner}`)
  }
  if (algorithm !== 'sliding-window') refuse('resolution', 'a sliding-window')
  if (algorithm !== 'token-bucket') refuse('burst', 'a token-bucket')
  if (algorithm !== 'fixed-window') {
    refuse('align', 'a fixed-window')
    refuse('every', 'a fixed-window')
  }
  if (options.every === undefined) {
    refuse('timezone', 'a fixed-window with every')
  } else {
    refuse('window', 'a quota without every: the calendar draws the window')
    refuse('align', 'a quota without every: the calendar aligns the window')
  }
}

function checkUnits(option: 'limit' | 'burst', value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new RangeError(`${option} must be a whole number, at least 1 and below 2^53, not ${shown(value)}`)
  }
}

function checkedWindow({ window }: QuotaOptions): Micros {
  if (window === undefined || !Number.isInteger(window) || window < SHORTEST_WINDOW || window > LONGEST_WINDOW) {
    throw new RangeError(`window must be whole microseconds, from 1 millisecond to 10 years, not ${shown(window)}`)
  }
  return window
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value)
}
