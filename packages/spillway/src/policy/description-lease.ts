import type { Lease } from '../core/charge.js'
import { formatDuration } from '../core/duration.js'
import type { Quota } from '../core/quota.js'
import { largestCost } from '../core/tightest.js'
import { DAY, HOUR, MILLISECOND } from '../core/units.js'
import type { Place } from './place.js'
import { inside, report } from './place.js'
import type { PolicyIssue } from './policy-error.js'
import type { Shape } from './shape.js'
import { described, integer } from './shape.js'
import { object } from './shape-composite.js'
import { duration } from './shape-text.js'

/** How a process takes units of a busy partition ahead of its requests. */
export const lease: Shape<Lease> = described(
  object({
    size: described(integer({ min: 2 }), 'How many units a process takes at once.'),
    for: described(duration({ min: 10 * MILLISECOND }), 'How long it may hand them out; what is left goes back.'),
  }),
  'For partitions so busy that one call to a shared store for each request is too many: a process takes units ahead.',
  { examples: [{ size: 100, for: '1s' }] },
)

/** A lease that could never be had, or never help. */
export function reportUselessLease(
  { size, for: span }: Lease,
  cost: number,
  quotas: readonly Quota[],
  rule: Place,
  issues: PolicyIssue[],
): void {
  const at = inside(rule, 'lease')
  if (quotas.length === 0) {
    report(issues, at, 'is for nothing: the rule is unlimited')
    return
  }
  const largest = largestCost(quotas)
  if (size > largest)
    report(issues, inside(at, 'size'), `is above what its quotas hold, ${largest}: it would never be had`)
  if (size <= cost) report(issues, inside(at, 'size'), `must be above the cost of one request, ${cost}`)
  const shortest = Math.min(HOUR, ...quotas.map((quota) => ('every' in quota ? DAY : quota.window)))
  if (span > shortest) {
    const bound = shortest === HOUR ? 'an hour' : `the window, ${formatDuration(shortest)}`
    report(issues, inside(at, 'for'), `must be no longer than ${bound}: its units count until that much later`)
  }
}
