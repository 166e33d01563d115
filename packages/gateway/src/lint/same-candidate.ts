import type { Policy } from 'spillway'
import type { Warning } from './warning.js'
import { warnEach } from './warning.js'
import { sameQuotas } from './zones.js'

/** A candidate that can tell nothing new. */
export function sameCandidate(policy: Policy): readonly Warning[] {
  return warnEach(policy, 'candidate', (rule) =>
    rule.candidate !== undefined && sameQuotas(rule.candidate, rule)
      ? `is what ${rule.name} is held to already: write the quotas to try, or leave it out`
      : undefined,
  )
}
