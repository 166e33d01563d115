import type { Policy } from 'spillway'
import type { Warning } from './warning.js'
import { warnEach } from './warning.js'

/** A lease where a gateway counts in memory: there is no call that it could spare. */
export function unusedLease(policy: Policy): readonly Warning[] {
  const { store, upstream } = policy.gateway
  // Without an upstream it is a library's policy, whose store is named in code.
  if (store !== 'memory' || upstream === undefined) return []
  return warnEach(policy, 'lease', ({ lease }) =>
    lease === undefined
      ? undefined
      : 'has no effect: counts are in memory. Leave it out, or keep them in Redis with `store`',
  )
}
