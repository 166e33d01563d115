import type { Quota } from 'spillway'
import { makeQuota } from 'spillway'

/**
 * A quota of so many units in a window of so many microseconds, under which a partition that has been charged is kept. A
 * bucket that all its units flow into in one window would be full at once and forgotten, and a store that holds nothing
 * is no match for others that hold every partition: here they flow as slowly as a bucket of that size can be filled.
 */
export function lastingQuota(algorithm: Quota['algorithm'], limit: number, window: number): Quota {
  if (algorithm !== 'token-bucket') return makeQuota({ algorithm, limit, window })
  const trickle = Math.ceil((limit * window) / Number.MAX_SAFE_INTEGER)
  return makeQuota({ algorithm, limit: trickle, window, burst: limit })
}
