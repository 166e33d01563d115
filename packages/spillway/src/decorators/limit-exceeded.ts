import type { Blocked, Denied, Impossible } from '../core/decision.js'
import { formatDuration } from '../core/duration.js'

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
      return `was called too often: try again in ${inMilliseconds(decision.retryAfter)}`
    case 'blocked':
      return `is blocked for ${inMilliseconds(decision.retryAfter)}`
    case 'impossible':
      return `costs more than ever passes: ${decision.largestCost} is the most`
  }
}

/** Rounded up: a message is no place for microseconds. */
function inMilliseconds(span: number): string {
  return formatDuration(Math.ceil(span / 1000) * 1000)
}
