import type { Blocked, Denied, Impossible } from '../core/decision.js'
import { formatWait } from '../core/duration.js'
import type { Micros, Units } from '../core/units.js'

/** Why a wait ended without a charge: its turn would come after `maxWait`, or its cost will never pass. Nothing was taken. */
export class WaitError extends Error {
  override readonly name = 'WaitError'
  /** Stable, for programs: `ERR_SPILLWAY_WAIT_TOO_LONG` or `ERR_SPILLWAY_WAIT_IMPOSSIBLE`. */
  readonly code: string
  /** The refusal that told: of this waiter, or of the one at the head of its queue. */
  readonly decision: Denied | Blocked | Impossible

  constructor(code: string, message: string, decision: Denied | Blocked | Impossible) {
    super(message)
    this.code = code
    this.decision = decision
  }
}

/** The turn would come after the deadline: `wait` is how long it would have been, from now, at least. */
export function tooLong(wait: Micros, decision: Denied | Blocked): WaitError {
  const message = `the turn would come in ${formatWait(wait)} at the earliest, later than maxWait allows`
  return new WaitError('ERR_SPILLWAY_WAIT_TOO_LONG', message, decision)
}

/** The cost is above what the quotas can let through at once. */
export function neverPasses(cost: Units, decision: Impossible): WaitError {
  const message = `a cost of ${cost} never passes: ${decision.largestCost} is the most`
  return new WaitError('ERR_SPILLWAY_WAIT_IMPOSSIBLE', message, decision)
}
