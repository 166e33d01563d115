import type { Micros } from 'spillway'
import { now } from './pacing.js'
import type { Turns } from './turns.js'

/** Clients that say nothing until the time that a refusal told them, and then ask the same again. */
export interface Probes {
  /** A client was told to come again at a moment; `ask` is called right after it, with when it is due. */
  promised(client: number, at: Micros, ask: (due: Micros) => void): void
  cancel(): void
}

/** After the promised moment, so that it has certainly come: timers wake to the millisecond. */
const AFTER: Micros = 2_000

/** A client probes no more often, whatever it is told: a wait of nothing would make it ask again and again. */
const APART: Micros = 1_000_000

/**
 * Lets clients pause and probe, but for what would come after `end`. Where what was underway is refused too, the latest
 * refusal counts: it knows of all that was drawn before.
 */
export function probesUntil(end: Micros, turns: Turns): Probes {
  const timers = new Map<number, NodeJS.Timeout>()
  const last = new Map<number, Micros>()
  return {
    promised(client, at, ask) {
      const due = at + AFTER
      const waiting = timers.get(client)
      const tooSoon = due < (last.get(client) ?? Number.NEGATIVE_INFINITY) + APART
      if (due >= end || tooSoon || (waiting === undefined && !turns.mayPause(client))) return
      clearTimeout(waiting)
      turns.pause(client)
      const wake = () => {
        // A timer starts from when the event loop last looked at the clock, and wakes too soon after a long turn.
        if (now() < due) return arm()
        timers.delete(client)
        last.set(client, due)
        ask(due)
        turns.resume(client)
      }
      const arm = () => void timers.set(client, setTimeout(wake, Math.ceil((due - now()) / 1000)))
      arm()
    },
    cancel() {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
