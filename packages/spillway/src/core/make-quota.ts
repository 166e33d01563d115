import { isTimezone } from './calendar.js'
import { spanOf } from './duration.js'
import { nextExactLimits, staysExact } from './exact-bucket.js'
import { onlyOptions } from './options.js'
import type { CalendarUnit, CalendarWindow, FixedWindow, Quota, TokenBucket } from './quota.js'
import { checkedWindow, checkUnits } from './quota-bounds.js'
import { shown } from './shown.js'
import { slidingQuota } from './sliding-quota.js'
import type { Micros, Units } from './units.js'

/** What a quota is made from. What is absent takes the default that is named. */
export interface QuotaOptions {
  /** A whole number, from 1 to 2^52. */
  readonly limit: Units
  /** `'10s'`, or whole microseconds; from 1 ms to 10 years. Absent exactly where `every` is there. */
  readonly window?: string | Micros
  /** Default `sliding-window`; with `every`, `fixed-window`. */
  readonly algorithm?: Quota['algorithm']
  /** Only of a token bucket: the most units it holds. Default: the limit. */
  readonly burst?: Units
  /**
   * Only of a fixed window: where it starts, at its first charge or at a multiple of itself since the epoch. Default
   * `first`.
   */
  readonly align?: 'first' | 'clock'
  /** Only of a fixed window: the calendar draws it. */
  readonly every?: CalendarUnit
  /** Only with `every`: an IANA name such as `Europe/Berlin`. Default `UTC`. */
  readonly timezone?: string
  /** Only of a sliding window: 1 to 1000. Default 60. */
  readonly resolution?: number
}

const OPTIONS = [
  'limit',
  'window',
  'algorithm',
  'burst',
  'align',
  'every',
  'timezone',
  'resolution',
] as const satisfies readonly (keyof QuotaOptions)[]
const ALGORITHMS: readonly string[] = ['sliding-window', 'fixed-window', 'token-bucket'] satisfies Quota['algorithm'][]
const CALENDAR_UNITS: readonly string[] = ['day', 'week', 'month', 'year'] satisfies CalendarUnit[]

/** The same, its window measured. */
type Measured = Omit<QuotaOptions, 'window'> & { readonly window?: Micros }

/**
 * A quota from its numbers, checked and frozen. Throws `RangeError`, which names the option, for a number that is not
 * whole or out of its range, for an option that is not the algorithm's, and for a token bucket whose arithmetic would
 * leave the integers below 2^53 (the message has the next limits that work); a `TypeError` for an option that there is
 * none of, and a `QuotaSyntaxError` for a window that cannot be read.
 */
export function makeQuota(given: QuotaOptions): Quota {
  onlyOptions('makeQuota', given, OPTIONS)
  const { window, ...others } = given
  const options: Measured = window === undefined ? others : { ...others, window: spanOf(window) }
  checkUnits('limit', options.limit)
  const algorithm = options.algorithm ?? (options.every === undefined ? 'sliding-window' : 'fixed-window')
  if (!ALGORITHMS.includes(algorithm)) {
    throw new RangeError(`algorithm must be ${ALGORITHMS.join(', ')}, not ${shown(algorithm)}`)
  }
  checkOptionsFit(options, algorithm)
  switch (algorithm) {
    case 'sliding-window':
      return slidingQuota(options)
    case 'fixed-window':
      return options.every === undefined ? fixedWindow(options) : calendarWindow(options, options.every)
    case 'token-bucket':
      return tokenBucket(options)
  }
}

function fixedWindow(options: Measured): FixedWindow {
  const align = options.align ?? 'first'
  if (align !== 'first' && align !== 'clock') throw new RangeError(`align must be first or clock, not ${shown(align)}`)
  return Object.freeze({ algorithm: 'fixed-window', limit: options.limit, window: checkedWindow(options), align })
}

function calendarWindow(options: Measured, every: CalendarUnit): CalendarWindow {
  if (!CALENDAR_UNITS.includes(every)) {
    throw new RangeError(`every must be day, week, month or year, not ${shown(every)}`)
  }
  const timezone = options.timezone ?? 'UTC'
  if (!isTimezone(timezone)) {
    throw new RangeError(`timezone must be an IANA name such as Europe/Berlin, not ${shown(timezone)}`)
  }
  return Object.freeze({ algorithm: 'fixed-window', limit: options.limit, align: 'calendar', every, timezone })
}

function tokenBucket(options: Measured): TokenBucket {
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

function checkOptionsFit(options: Measured, algorithm: Quota['algorithm']): void {
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
