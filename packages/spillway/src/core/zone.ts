import type { BoundQuota, Zone } from './charge.js'
import type { Quota } from './quota.js'
import { sameCounter } from './same-counter.js'

/**
 * Joins the quotas of all rules of a zone into its counters. `bound` holds each rule's quotas with their counters.
 * Throws a `RangeError` where two token buckets of the zone have the same window but not the same size and rate: they
 * would need one state and have two.
 */
export function compileZone(
  name: string,
  rules: readonly (readonly Quota[])[],
  everywhere?: Zone,
): { zone: Zone; bound: BoundQuota[][] } {
  const counters: Quota[] = []
  const bound = rules.map((quotas) => quotas.map((quota) => ({ quota, counter: counterFor(quota, counters, name) })))
  return { zone: everywhere ? { name, counters, everywhere } : { name, counters }, bound }
}

/** The zone of the blocks that hold for a partition on every rule. */
export function everywhereZone(): Zone {
  return { name: '*everywhere', counters: [] }
}

function counterFor(quota: Quota, counters: Quota[], zone: string): number {
  const index = counters.findIndex((counter) => sameCounter(counter, quota))
  const counter = counters[index]
  if (counter === undefined) return counters.push(quota) - 1
  if (!sameBucket(counter, quota)) {
    throw new RangeError(
      `the token buckets of zone ${zone} have the same window but differ in limit or burst: make them alike, or give one rule a zone of its own`,
    )
  }
  return index
}

function sameBucket(a: Quota, b: Quota): boolean {
  return (
    a.algorithm !== 'token-bucket' || b.algorithm !== 'token-bucket' || (a.limit === b.limit && a.burst === b.burst)
  )
}
