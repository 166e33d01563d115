import { quietly } from '../core/awaitable.js'
import type { Refund } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable } from '../core/units.js'
import type { ResponseCharge } from '../policy/response-charge.js'
import { keepsUnits } from '../policy/response-charge.js'
import type { Store } from '../store/store.js'
import type { Verdict } from '../verdict.js'
import type { RuleCharge } from './charges.js'

/** Units that a request has taken, and that its response decides upon. */
interface Reserved {
  /** For which responses they count. */
  readonly onResponse: ResponseCharge
  readonly refund: Refund
}

/** What the requests whose responses are still to come have reserved, by their verdicts. */
export type Reservations = WeakMap<Verdict, readonly Reserved[]>

/** A charge and what came of it. */
interface Charged {
  readonly charge?: RuleCharge
  readonly decision: Decision
}

/** Notes what a request has reserved, besides what is noted already. */
export function reserve(reservations: Reservations, verdict: Verdict, charged: readonly Charged[]): void {
  const reserved = charged.flatMap(({ charge, decision }): Reserved[] => {
    const onResponse = charge?.rule.charge
    if (charge === undefined || onResponse === undefined) return []
    if (decision.kind !== 'allowed' || decision.taken === 0) return []
    const { zone, partition } = charge
    return [{ onResponse, refund: { zone, partition, cost: decision.taken, decision } }]
  })
  if (reserved.length > 0) reservations.set(verdict, [...(reservations.get(verdict) ?? []), ...reserved])
}

/**
 * Gives back what does not count for a response of this status: exactly that, once. A store that fails is no fault of the
 * request's: its units then count until their window is over.
 */
export function settleReserved(
  reservations: Reservations,
  store: Store,
  verdict: Verdict,
  status: number,
): Awaitable<void> {
  const reserved = reservations.get(verdict)
  if (reserved === undefined) return undefined
  reservations.delete(verdict)
  const refunds = reserved.filter(({ onResponse }) => !keepsUnits(onResponse, status)).map(({ refund }) => refund)
  if (refunds.length === 0) return undefined
  return quietly(() => store.refund(refunds))
}
