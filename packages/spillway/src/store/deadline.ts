import { StoreError } from '../core/decision.js'
import { formatDuration } from '../core/duration.js'
import type { Micros } from '../core/units.js'
import type { CallStore } from './calls.js'
import { afterwards, soon } from './timer.js'

/**
 * A call store that answers within `limit`, or rejects with `ERR_SPILLWAY_STORE_TIMEOUT`: what was called may then have
 * been done or not. One timer for all calls of a batch. What comes late is ignored.
 */
export function deadline(calls: CallStore, limit: Micros): CallStore {
  return {
    answer: (batch) => within(limit, calls.answer(batch)),
    beat: () => within(limit, calls.beat()),
  }
}

/** The promise, or a rejection with `ERR_SPILLWAY_STORE_TIMEOUT` once `limit` has passed. */
export function within<T>(limit: Micros, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // After a pause of this process its timers run before it reads: a reply that is already there must still count.
    const stop = afterwards(limit, () => soon(() => reject(timeout(limit))))
    promise.then(
      (value) => {
        stop()
        resolve(value)
      },
      (error: unknown) => {
        stop()
        reject(error)
      },
    )
  })
}

function timeout(limit: Micros): StoreError {
  return new StoreError('ERR_SPILLWAY_STORE_TIMEOUT', `the store did not answer within ${formatDuration(limit)}`)
}
