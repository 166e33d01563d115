import { spanOf } from '../../core/duration.js'
import type { Micros, Units } from '../../core/units.js'
import { MILLISECOND, SECOND } from '../../core/units.js'

const PREFIX = 'spillway:'
const TIMEOUT: Micros = 50 * MILLISECOND
/** Every request may wait so long for a server that hangs. */
const LONGEST_TIMEOUT: Micros = 10 * SECOND

/** The prefix of all keys. Throws a `RangeError` for braces, which would lay all keys into one hash slot of a cluster. */
export function prefixOf(prefix: string = PREFIX): string {
  if (/[{}]/.test(prefix)) throw new RangeError(`prefix must have no braces, not ${JSON.stringify(prefix)}`)
  return prefix
}

/** How long a request waits at most. Throws a `RangeError` where it is none of 1 ms to 10 s, a `QuotaSyntaxError` for other text. */
export function timeoutOf(timeout: string | Micros = TIMEOUT): Micros {
  const limit = spanOf(timeout)
  if (Number.isSafeInteger(limit) && limit >= MILLISECOND && limit <= LONGEST_TIMEOUT) return limit
  throw new RangeError(`timeout must be from 1 ms to 10 s, in whole microseconds or as '50ms', not ${timeout}`)
}

/** How many share the limits: as configured, else as counted. Throws a `RangeError` where it is no whole number from 1. */
export function replicasOf(configured: Units | undefined, counted: () => Units): () => Units {
  if (configured === undefined) return counted
  if (Number.isSafeInteger(configured) && configured >= 1) return () => configured
  throw new RangeError(`replicas must be a whole number from 1, not ${configured}`)
}
