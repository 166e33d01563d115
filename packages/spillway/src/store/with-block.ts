import type { Charge } from '../core/charge.js'
import type { Decision } from '../core/decision.js'

/** The decision on a charge whose denial starts a block: it lasts as long as that, if the quota's own wait is shorter. */
export function withBlock(decision: Decision, { block }: Charge): Decision {
  if (decision.kind !== 'denied' || block === undefined) return decision
  return { ...decision, retryAfter: Math.max(decision.retryAfter, block.for) }
}
