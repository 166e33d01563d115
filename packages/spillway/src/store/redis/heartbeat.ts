import type { Micros, Units } from '../../core/units.js'
import { MILLISECOND, SECOND } from '../../core/units.js'
import type { CallStore } from '../calls.js'
import { afterwards } from '../timer.js'

/** Tells the other processes that this one is alive, and knows how many there are. */
export interface Heartbeat {
  /** How many processes share the store, this one among them, as the last beats told; 1 before the first. */
  replicas(): Units
  /** Stops its timer: the others miss this process a few seconds later. */
  close(): void
}

/** Time for the client to connect. */
const FIRST_BEAT: Micros = 100 * MILLISECOND
const BETWEEN_BEATS: Micros = SECOND
/**
 * A server that has come back empty learns of the processes one by one: were it believed at once, each would take more
 * than its share.
 */
const BEATS_TO_BELIEVE_FEWER = 3

/**
 * Beats once a second, on a timer that keeps no process alive; a beat that fails is not repeated. An idle process so
 * notices an outage before its next request does. More processes are believed at once, fewer when three beats in a row
 * told of them. `onBeat` hears of each one that came through.
 */
export function heartbeat(calls: CallStore, onBeat: () => void): Heartbeat {
  let replicas: Units = 1
  /** What the last beats told, where each told of fewer. */
  let fewer: Units[] = []
  let closed = false
  let stopTimer = afterwards(FIRST_BEAT, beat)

  function beat(): void {
    const next = () => {
      if (!closed) stopTimer = afterwards(BETWEEN_BEATS, beat)
    }
    const came = (count: Units) => {
      believe(count)
      next()
      if (!closed) onBeat()
    }
    const failed = () => {
      fewer = []
      next()
    }
    calls.beat().then(came, failed)
  }

  function believe(count: Units): void {
    if (count < replicas && fewer.push(count) < BEATS_TO_BELIEVE_FEWER) return
    replicas = Math.max(count, ...fewer)
    fewer = []
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
