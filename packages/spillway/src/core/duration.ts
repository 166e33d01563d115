import { atEnd, fault, found, readSpan, scanner } from './quota-syntax.js'
import type { Micros } from './units.js'
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from './units.js'

export { QuotaSyntaxError } from './quota-syntax.js'

/**
 * Reads a span of time: `500ms`, `30s`, `15m`, `1h30m`, `7d`, `1w`, `10 seconds`. Whole numbers only; a month is 30
 * days, a year 365. Throws `QuotaSyntaxError`, which shows the place, for any other text, also for a bare number, which
 * has no unit; `TypeError` for what is no text.
 */
export function parseDuration(text: string): Micros {
  const scan = scanner(text, '30s')
  const span = readSpan(scan)
  if (!atEnd(scan)) throw fault(scan, `expected the end of a span of time,${found(scan)}`)
  return span
}

/** A span as an option gives it: text, read as `parseDuration` does, or microseconds, which are not checked here. */
export function spanOf(given: string | Micros): Micros {
  return typeof given === 'string' ? parseDuration(given) : given
}

const SPELLED: readonly (readonly [Micros, string])[] = [
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
  [SECOND, 'second'],
  [MILLISECOND, 'millisecond'],
]

/**
 * Spells a span in the largest unit that divides it: `1 second`, `90 seconds`, `15 minutes`, `1 hour`, `30 days`. What
 * is not whole milliseconds is in microseconds. `parseDuration` reads it back, but for microseconds.
 */
export function formatDuration(span: Micros): string {
  const [unit, name] = SPELLED.find(([length]) => span % length === 0 && span !== 0) ?? smallest(span)
  const count = span / unit
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** Spells a wait for a person: rounded up to whole milliseconds, so that who waits that long waits long enough. */
export function formatWait(wait: Micros): string {
  return formatDuration(Math.ceil(wait / MILLISECOND) * MILLISECOND)
}

function smallest(span: Micros): readonly [Micros, string] {
  return span === 0 ? [SECOND, 'second'] : [1, 'microsecond']
}
