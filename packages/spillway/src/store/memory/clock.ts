import type { Clock, Micros } from '../../core/units.js'

/** The process's monotonic clock, set by the system's clock once, here: a step of the system's clock changes nothing. */
export function monotonicClock(): Clock {
  // Bound once: finding `performance` anew on each call is a good part of what reading it costs.
  const milliseconds = performance.now.bind(performance)
  const origin = Math.round((Date.now() - milliseconds()) * 1000)
  return { now: () => origin + Math.floor(milliseconds() * 1000) }
}

/** A store's own time: the sum of its clock's steps forward. Where the clock steps back, time stands still. */
export interface StoreTime {
  readonly clock: Clock
  /** The latest time that was read. (A field, not a variable of a closure: the engine writes it in place.) */
  last: Micros
  /** How far the store's time is ahead of its clock. */
  skew: Micros
}

/** The time of a store that goes by this clock, before its first reading. */
export function storeTime(clock: Clock): StoreTime {
  return { clock, last: Number.NEGATIVE_INFINITY, skew: 0 }
}

/** Reads the clock. */
export function readTime(time: StoreTime): Micros {
  const now = time.clock.now() + time.skew
  if (now >= time.last) {
    time.last = now
    return now
  }
  time.skew += time.last - now
  return time.last
}
