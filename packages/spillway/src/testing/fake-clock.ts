import { parseDuration } from '../core/duration.js'
import type { Clock, Micros } from '../core/units.js'

/** A clock that stands still until it is told otherwise. */
export interface FakeClock extends Clock {
  /** Goes on by a span: `'1500ms'`, or microseconds (less than zero steps back). */
  advance(span: string | Micros): void
  /** Goes to a moment, in microseconds since the Unix epoch, before or after now. */
  set(moment: Micros): void
}

/** A clock for tests, which every store takes. Starts at 2026-01-01T00:00:00Z unless told otherwise. */
export function fakeClock(start: Micros = Date.UTC(2026, 0, 1) * 1000): FakeClock {
  let now = start
  return {
    now: () => now,
    advance(span) {
      now += typeof span === 'string' ? parseDuration(span) : span
    },
    set(moment) {
      now = moment
    },
  }
}
