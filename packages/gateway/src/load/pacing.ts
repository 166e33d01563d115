import type { Micros } from 'spillway'

/** A load that is underway. */
export interface Pacing {
  /** Resolves once the last request has left. */
  readonly over: Promise<void>
  stop(): void
}

/** So many requests leave in one turn of the event loop; then answers are read. */
const MOST_AT_ONCE = 256

/** Microseconds of a clock that never steps. */
export function now(): Micros {
  return performance.now() * 1000
}

/**
 * Calls `send` `interval` apart, from `start` until before `end`, each time with the moment at which the call is due.
 * What is late is not left out: no call waits for what came of those before.
 */
export function pace(start: Micros, end: Micros, interval: Micros, send: (due: Micros, index: number) => void): Pacing {
  let index = 0
  let stopped = false
  let finish: () => void = () => undefined
  const over = new Promise<void>((resolve) => {
    finish = resolve
  })

  const go = () => {
    // Not added up: a sum of many intervals would drift.
    let due = start + index * interval
    for (let left = MOST_AT_ONCE; left > 0 && due <= now() && due < end && !stopped; left--) {
      send(due, index++)
      due = start + index * interval
    }
    if (stopped || due >= end) finish()
    else if (due <= now()) setImmediate(go)
    else setTimeout(go, Math.floor((due - now()) / 1000))
  }
  go()
  return {
    over,
    stop() {
      stopped = true
    },
  }
}
