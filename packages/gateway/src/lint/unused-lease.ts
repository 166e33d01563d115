import type { Policy } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/** A lease where a gateway counts in memory: there is no call that it could spare. */
export function unusedLease(policy: Policy): readonly Warning[] {
  const { store, upstream } = policy.gateway
  // Without an upstream it is a library's policy, whose store is named in code.
  if (store !== 'memory' || upstream === undefined) return []
  return rulesOf(policy)
    .filter(({ lease }) => lease !== undefined)
    .map((rule) =>
      warnOf(rule, 'lease', 'has no effect: counts are in memory. Leave it out, or keep them in Redis with `store`'),
    )
}
