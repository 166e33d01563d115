import type { Clock, Micros } from '../../core/units.js'

/** The process's monotonic clock, set by the system's clock once, here: a step of the system's clock changes nothing. */
export function monotonicClock(): Clock {
  const origin = Math.round((Date.now() - performance.now()) * 1000)
  return { now: () => origin + Math.floor(performance.now() * 1000) }
}

/** A store's own time: the sum of its clock's steps forward. Where the clock steps back, time stands still. */
export interface StoreTime {
  /** Reads the clock. */
  read(): Micros
  /** How far the store's time is ahead of its clock. */
  readonly skew: Micros
}

export function storeTime(clock: Clock): StoreTime {
  let last = Number.NEGATIVE_INFINITY
  const time = {
    skew: 0,
    read() {
      const now = clock.now() + time.skew
      if (now < last) {
        time.skew += last - now
        return last
      }
      last = now
      return now
    },
  }
  return time
}
