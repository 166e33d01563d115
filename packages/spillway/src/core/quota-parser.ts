import type { Quota } from './quota.js'
import { LARGEST_LIMIT, LONGEST_WINDOW } from './quota-bounds.js'
import type { Scanner } from './quota-syntax.js'
import {
  atEnd,
  digitIsNext,
  fault,
  found,
  readSpan,
  readUnit,
  readWholeNumber,
  scanner,
  skipLetters,
  skipOneOf,
  skipSpaces,
} from './quota-syntax.js'
import { slidingQuota } from './sliding-quota.js'
import type { Micros } from './units.js'

const SEPARATORS = ',;|'

/**
 * Reads one quota: `10/minute`, `10 per 2 hours`, `500/15m`. A sliding window; other algorithms are made by
 * `makeQuota`. Throws `QuotaSyntaxError`, which shows the place, also where there are several; `TypeError` for what is no
 * text.
 */
export function quota(text: string): Quota {
  const scan = scanner(text, '10/minute')
  const first = readQuota(scan)
  if (skipOneOf(scan, SEPARATORS)) throw fault(scan, 'expected one quota, found several', scan.index - 1)
  if (!atEnd(scan)) throw fault(scan, `expected the end of the quota,${found(scan)}`)
  return first
}

/**
 * Reads quotas that `,`, `;` or `|` separate: all that the Python package `limits` takes (`1/second; 200 per day`), and
 * weeks, short units and compound windows (`10/s`, `1000/1h30m`). Letter case and white space play no part. A month is
 * 30 days, a year 365. Throws `QuotaSyntaxError`, which shows the place: never a quota that is silently not there; and
 * `TypeError` for what is no text.
 */
export function quotas(text: string): Quota[] {
  const scan = scanner(text, '10/minute; 200/day')
  const read = [readQuota(scan)]
  while (!atEnd(scan)) {
    const separator = scan.index
    if (!skipOneOf(scan, SEPARATORS)) throw fault(scan, `expected the end, or one of "," ";" "|",${found(scan)}`)
    skipSpaces(scan)
    if (atEnd(scan)) throw fault(scan, 'a quota is missing after this: remove it, or write one', separator)
    read.push(readQuota(scan))
  }
  return read
}

/** `LIMIT (/ | per) [COUNT] UNIT`, and the white space after it. */
function readQuota(scan: Scanner): Quota {
  const start = scan.index
  const limit = readWholeNumber(scan, 'a limit')
  if (limit === 0) throw fault(scan, 'a limit is at least 1: a quota cannot refuse everything', start)
  if (limit > LARGEST_LIMIT) throw fault(scan, 'a limit is at most 2^52', start)
  skipSpaces(scan)
  if (!skipOneOf(scan, '/') && !skipLetters(scan, 'per')) {
    throw fault(scan, `expected "/" or "per" after the limit, as in "${limit}/minute",${found(scan)}`)
  }
  skipSpaces(scan)
  return slidingQuota({ limit, window: readWindow(scan) })
}

/** The parser's own check, so that the place is shown: `makeQuota` would refuse the same windows. */
function readWindow(scan: Scanner): Micros {
  const start = scan.index
  const window = digitIsNext(scan) ? readSpan(scan) : readUnit(scan)
  if (window === 0) throw fault(scan, 'a window of no length: it is at least 1 millisecond', start)
  if (window > LONGEST_WINDOW) throw fault(scan, 'a window is at most 10 years', start)
  skipSpaces(scan)
  return window
}
