import type { Policy } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'
import { sameQuotas } from './zones.js'

/** A candidate that can tell nothing new. */
export function sameCandidate(policy: Policy): readonly Warning[] {
  return rulesOf(policy).flatMap((rule) =>
    rule.candidate !== undefined && sameQuotas(rule.candidate, rule)
      ? [warnOf(rule, 'candidate', `is what ${rule.name} is held to already: write the quotas to try, or leave it out`)]
      : [],
  )
}
