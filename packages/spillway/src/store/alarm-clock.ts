import type { AlarmClock, Micros } from '../core/units.js'
import { MILLISECOND } from '../core/units.js'
import { monotonicClock } from './memory/clock.js'

/** The longest that a timer of the platform waits: a longer one would ring at once (HTML, 8.7; 2^31 - 1 ms). */
const LONGEST_TIMER: Micros = 2_147_483_647 * MILLISECOND

/** The process's monotonic clock and its timers. A wait of any length is one; the process stays alive for it. */
export function systemAlarmClock(): AlarmClock {
  const clock = monotonicClock()
  return {
    ...clock,
    wake(span, ring) {
      const at = clock.now() + span
      let timer: ReturnType<typeof setTimeout>
      const sleepFor = (left: Micros): void => {
        timer = setTimeout(wakeUp, Math.ceil(Math.min(left, LONGEST_TIMER) / MILLISECOND))
      }
      const wakeUp = (): void => {
        const left = at - clock.now()
        // A timer may fire a little early: then the rest is slept too.
        if (left > 0) sleepFor(left)
        else ring()
      }
      sleepFor(span)
      return () => clearTimeout(timer)
    },
  }
}
