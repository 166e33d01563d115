import type { Micros } from '../core/units.js'
import { MILLISECOND, SECOND } from '../core/units.js'

/** IMF-fixdate and RFC 850, then asctime, which names no zone and means GMT (RFC 9110, 5.6.7). */
const GMT_DATE = /^[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -](?:\d\d){1,2} \d\d:\d\d:\d\d GMT$/
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/
const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** A whole number. More digits are no span and no moment: as a number they might be infinite. */
const DIGITS = /^\d{1,15}$/
const DIGITS_AND_FRACTION = /^\d{1,15}(?:\.\d+)?$/

/** Seconds beyond this, 2001, are no span but a moment; beyond the other they are milliseconds. */
const EPOCH_SECONDS = 1e9
const EPOCH_MILLISECONDS = 1e12

/** The moment that an HTTP-date names; absent where the text is none. */
export function parseHttpDate(text: string): Micros | undefined {
  if (GMT_DATE.test(text)) return momentOf(text)
  return ASCTIME.test(text) ? momentOf(`${text} GMT`) : undefined
}

/**
 * The time that `Retry-After` asks to wait (RFC 9110, 10.2.3): whole seconds, or a date, counted from `now`, which is
 * best the answer's own `Date`. Absent where the text is neither.
 */
export function parseRetryAfter(text: string, now: Micros): Micros | undefined {
  if (DIGITS.test(text)) return Number(text) * SECOND
  return spanUntil(parseHttpDate(text), now)
}

/** The time until an `X-RateLimit-Reset`: in the wild seconds from now, seconds or milliseconds of the epoch, or a date. */
export function parseReset(text: string, now: Micros): Micros | undefined {
  if (DIGITS_AND_FRACTION.test(text)) {
    const value = Number(text)
    if (value < EPOCH_SECONDS) return Math.ceil(value * SECOND)
    return spanUntil(value < EPOCH_MILLISECONDS ? value * SECOND : value * MILLISECOND, now)
  }
  return spanUntil(ISO_DATE.test(text) ? momentOf(text) : parseHttpDate(text), now)
}

function momentOf(text: string): Micros | undefined {
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? undefined : milliseconds * MILLISECOND
}

function spanUntil(moment: Micros | undefined, now: Micros): Micros | undefined {
  return moment === undefined ? undefined : Math.max(0, Math.ceil(moment - now))
}
