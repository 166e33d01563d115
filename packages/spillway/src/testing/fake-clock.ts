import { spanOf } from '../core/duration.js'
import type { AlarmClock, Micros } from '../core/units.js'

/** A clock that stands still until it is told otherwise. Its alarms ring while it is told. */
export interface FakeClock extends AlarmClock {
  /**
   * Goes on by a span: `'1500ms'`, or microseconds (less than zero steps back). Alarms on the way ring in order, each
   * at its time. Throws a `QuotaSyntaxError` for a text that is no span, a `RangeError` for a number that is not whole.
   */
  advance(span: string | Micros): void
  /** Goes to a moment, in whole microseconds since the Unix epoch, before or after now. Throws a `RangeError` for another. */
  set(moment: Micros): void
}

interface Alarm {
  readonly at: Micros
  readonly ring: () => void
}

/**
 * A clock for tests, which every store takes. Starts at 2026-01-01T00:00:00Z unless told otherwise: at a moment in whole
 * microseconds since the Unix epoch; throws a `RangeError` for another.
 */
export function fakeClock(start: Micros = Date.UTC(2026, 0, 1) * 1000): FakeClock {
  checkMoment(start)
  let now = start
  const alarms = new Set<Alarm>()

  const goTo = (moment: Micros): void => {
    checkMoment(moment)
    for (let next = firstUntil(moment, alarms); next !== undefined; next = firstUntil(moment, alarms)) {
      alarms.delete(next)
      now = Math.max(now, next.at)
      next.ring()
    }
    now = moment
  }

  return {
    now: () => now,
    advance: (span) => goTo(now + spanOf(span)),
    set: goTo,
    wake(span, ring) {
      const alarm = { at: now + span, ring }
      alarms.add(alarm)
      return () => alarms.delete(alarm)
    },
  }
}

function checkMoment(moment: Micros): void {
  if (Number.isSafeInteger(moment)) return
  throw new RangeError(`a clock goes by whole microseconds since the Unix epoch, not to ${moment}`)
}

/** The alarm that rings first, of those that ring by then. */
function firstUntil(moment: Micros, alarms: ReadonlySet<Alarm>): Alarm | undefined {
  let first: Alarm | undefined
  for (const alarm of alarms) if (alarm.at <= moment && (first === undefined || alarm.at < first.at)) first = alarm
  return first
}
