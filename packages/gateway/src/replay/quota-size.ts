import type { Quota, Units } from 'spillway'

/** How many units a quota admits at once: its limit, or what its bucket holds. */
export function sizeOf(quota: Quota): Units {
  return quota.algorithm === 'token-bucket' ? quota.burst : quota.limit
}

/** What that is called in a policy. */
export function sizeName({ algorithm }: Quota): 'limit' | 'burst' {
  return algorithm === 'token-bucket' ? 'burst' : 'limit'
}
