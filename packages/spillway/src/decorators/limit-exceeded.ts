import type { Blocked, Denied, Impossible } from '../core/decision.js'
import { formatWait } from '../core/duration.js'

/** A limited method was called too often, or for a cost that never passes. It has not run. */
export class LimitExceeded extends Error {
  override readonly name = 'LimitExceeded'
  /** Stable, for programs. */
  readonly code = 'ERR_SPILLWAY_LIMIT_EXCEEDED'
  /** What the limiter said, with `retryAfter` where waiting helps. */
  readonly decision: Denied | Blocked | Impossible

  constructor(method: string, decision: Denied | Blocked | Impossible) {
    super(`${method} ${sentenceOf(decision)}`)
    this.decision = decision
  }
}

function sentenceOf(decision: Denied | Blocked | Impossible): string {
  switch (decision.kind) {
    case 'denied':
      return `was called too often: try again in ${formatWait(decision.retryAfter)}`
    case 'blocked':
      return `is blocked for ${formatWait(decision.retryAfter)}`
    case 'impossible':
      return `costs more than ever passes: ${decision.largestCost} is the most`
  }
}
