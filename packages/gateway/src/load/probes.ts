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

/** Lets clients pause and probe, but for what would come after `end`. */
export function probesUntil(end: Micros, turns: Turns): Probes {
  const timers = new Set<NodeJS.Timeout>()
  return {
    promised(client, at, ask) {
      const due = at + AFTER
      if (due >= end || !turns.mayPause(client)) return
      turns.pause(client)
      const timer = setTimeout(
        () => {
          timers.delete(timer)
          ask(due)
          turns.resume(client)
        },
        Math.ceil((due - now()) / 1000),
      )
      timers.add(timer)
    },
    cancel() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
