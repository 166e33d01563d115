import type { Micros, Units } from '../../core/units.js'
import { MILLISECOND, SECOND } from '../../core/units.js'
import type { CallStore } from '../calls.js'
import { afterwards } from '../timer.js'

/** Tells the other processes that this one is alive, and knows how many there are. */
export interface Heartbeat {
  /** How many processes shared the store when the last beat came through, this one among them; 1 before the first. */
  replicas(): Units
  /** Stops its timer: the others miss this process a few seconds later. */
  close(): void
}

/** Time for the client to connect. */
const FIRST_BEAT: Micros = 100 * MILLISECOND
const BETWEEN_BEATS: Micros = SECOND

/**
 * Beats once a second, on a timer that keeps no process alive; a beat that fails is not repeated. An idle process so
 * notices an outage before its next request does. `onBeat` hears of each one that came through.
 */
export function heartbeat(calls: CallStore, onBeat: () => void): Heartbeat {
  let replicas: Units = 1
  let closed = false
  let stopTimer = afterwards(FIRST_BEAT, beat)

  function beat(): void {
    const next = () => {
      if (!closed) stopTimer = afterwards(BETWEEN_BEATS, beat)
    }
    const came = (count: Units) => {
      replicas = Math.max(1, count)
      next()
      if (!closed) onBeat()
    }
    calls.beat().then(came, next)
  }

  return {
    replicas: () => replicas,
    close() {
      closed = true
      stopTimer()
    },
  }
}

/** One that never beats. */
export function silentHeart(): Heartbeat {
  return { replicas: () => 1, close: () => undefined }
}
