import type { Quota } from './quota.js'

/**
 * Whether two quotas of one zone share a counter: the same algorithm and window (and alignment, calendar, resolution).
 * Limits play no part. Token buckets that share one must also be alike in limit and burst: the zone sees to that.
 */
export function sameCounter(a: Quota, b: Quota): boolean {
  if (a.algorithm === 'sliding-window' && b.algorithm === 'sliding-window') {
    return a.window === b.window && a.resolution === b.resolution
  }
  if (a.algorithm === 'token-bucket' && b.algorithm === 'token-bucket') return a.window === b.window
  if (a.algorithm !== 'fixed-window' || b.algorithm !== 'fixed-window') return false
  if (a.align === 'calendar') return b.align === 'calendar' && a.every === b.every && a.timezone === b.timezone
  return b.align !== 'calendar' && a.align === b.align && a.window === b.window
}
