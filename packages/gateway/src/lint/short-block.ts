import type { Policy, Quota } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import { SHORTEST_SPAN } from './calendar-spans.js'
import { spellQuota } from './spell-quota.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/**
 * A block that is shorter than even the shortest window of its rule: it is mostly over before the quota would be. And one
 * of a rule that denies nobody.
 */
export function shortBlock(policy: Policy): readonly Warning[] {
  return rulesOf(policy).flatMap((rule) => {
    if (rule.block && rule.quotas.length === 0 && rule.candidate === undefined) return [warnOf(rule, 'block', IDLE)]
    const [shortest] = rule.quotas.map(({ quota }) => quota).sort((a, b) => spanOf(a, rule.cost) - spanOf(b, rule.cost))
    if (!rule.block || !shortest || rule.block.for >= spanOf(shortest, rule.cost)) return []
    return [
      warnOf(
        rule,
        'block',
        `is over before ${spellQuota(shortest)} gives anything back, so that it adds little: make it longer`,
      ),
    ]
  })
}

const IDLE = 'never starts, as an unlimited rule denies nobody: leave it out, or give the rule quotas'

/** How long a client that drew everything at once waits: the window, in a token bucket the time to refill one cost. */
function spanOf(quota: Quota, cost: number): number {
  if ('every' in quota) return SHORTEST_SPAN[quota.every]
  return quota.algorithm === 'token-bucket' ? (quota.window * cost) / quota.limit : quota.window
}
