import type { Policy, Quota, Rule } from 'spillway'
import { spellQuota } from '../spelling/spell-quota.js'
import { SHORTEST_SPAN } from './calendar-spans.js'
import type { Warning } from './warning.js'
import { warnEach } from './warning.js'

/**
 * A block that is shorter than even the shortest window of its rule: it is mostly over before the quota would be. And one
 * of a rule that denies nobody.
 */
export function shortBlock(policy: Policy): readonly Warning[] {
  return warnEach(policy, 'block', shortness)
}

function shortness({ block, candidate, cost, quotas }: Rule): string | undefined {
  if (block === undefined) return undefined
  const [shortest] = quotas.map(({ quota }) => quota).sort((a, b) => spanOf(a, cost) - spanOf(b, cost))
  if (shortest === undefined) {
    if (candidate !== undefined) return undefined
    return 'never starts, as an unlimited rule denies nobody: leave it out, or give the rule quotas'
  }
  if (block.for >= spanOf(shortest, cost)) return undefined
  return `is over before ${spellQuota(shortest)} gives anything back, so that it adds little: make it longer`
}

/** How long a client that drew everything at once waits: the window, in a token bucket the time to refill one cost. */
function spanOf(quota: Quota, cost: number): number {
  if ('every' in quota) return SHORTEST_SPAN[quota.every]
  return quota.algorithm === 'token-bucket' ? (quota.window * cost) / quota.limit : quota.window
}
