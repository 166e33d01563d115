import type { Charge, Lease, Refund } from '../core/charge.js'
import type { Allowed, QuotaStanding } from '../core/decision.js'
import { figuresOf } from '../core/tightest.js'
import type { Micros, Units } from '../core/units.js'

/** Units of one partition that this process holds, to hand them out. */
export interface Held {
  /** The charge that took them. */
  readonly charge: Charge
  readonly decision: Allowed
  /** When they were asked for, in this process: the store took them then or a little later. */
  readonly since: Micros
  /** From then on none is handed out. */
  endsAt: Micros
  left: Units
}

/** The charge that takes a lease's units. It starts no block: whoever is refused by it has not asked. */
export function leaseCharge(
  { zone, partition, quotas, onStoreFailure }: Charge,
  { size, for: heldFor }: Lease,
): Charge {
  return { zone, partition, quotas, cost: size, block: undefined, onStoreFailure, heldFor }
}

/**
 * Whether units of a charge can be held for so long: no longer than any window of its zone, and of a fixed window, which
 * counts them in the one that is open, it must be known when that one ends.
 */
export function leasable({ zone, quotas }: Charge, span: Micros): boolean {
  return (
    quotas.length > 0 &&
    zone.counters.every(
      (quota, index) =>
        ('every' in quota || quota.window >= span) &&
        (quota.algorithm !== 'fixed-window' || quotas.some(({ counter }) => counter === index)),
    )
  )
}

/** The units that a charge took, asked for at `since`. A fixed window's are handed out no longer than it is open. */
export function heldFrom(charge: Charge, decision: Allowed, since: Micros): Held {
  let span = charge.heldFor ?? 0
  for (const { quota, resetAfter } of decision.quotas) {
    if (quota.algorithm === 'fixed-window') span = Math.min(span, resetAfter)
  }
  return { charge, decision, since, endsAt: since + span, left: decision.taken }
}

/** Hands out some of the units; `undefined` where there are too few, or the lease is over. */
export function handOut(held: Held, cost: Units, now: Micros): Allowed | undefined {
  if (!holds(held, cost, now)) return undefined
  held.left -= cost
  return allowed(held, cost, now)
}

/** What handing out would be answered; `undefined` where only the store knows. */
export function look(held: Held, cost: Units, now: Micros): Allowed | undefined {
  return holds(held, cost, now) ? allowed(held, 0, now) : undefined
}

function holds({ left, endsAt }: Held, cost: Units, now: Micros): boolean {
  return cost <= left && now < endsAt
}

/** The store's figures, with what this process holds: of what others took since, nobody here knows. */
function allowed({ decision, since, left }: Held, taken: Units, now: Micros): Allowed {
  const passed = now - since
  const quotas: QuotaStanding[] = []
  for (const { quota, remaining, resetAfter } of decision.quotas) {
    quotas.push({ quota, remaining: remaining + left, resetAfter: Math.max(0, resetAfter - passed), retryAfter: 0 })
  }
  const { limit, remaining, resetAfter } = figuresOf(quotas)
  return { kind: 'allowed', limit, remaining, resetAfter, quotas, at: decision.at + passed, taken }
}

/** Takes back what a decision of this lease had handed out, and tells whether it could: a lease that is over takes nothing. */
export function takeBack(held: Held, units: Units, now: Micros): boolean {
  if (now >= held.endsAt) return false
  held.left = Math.min(held.charge.cost, held.left + units)
  return true
}

/** Ends the lease at once, and tells how many units were left. */
export function endNow(held: Held): Units {
  const { left } = held
  held.left = 0
  held.endsAt = Number.NEGATIVE_INFINITY
  return left
}

/** The refund of some of the units to the store. */
export function refundOf({ charge, decision }: Held, cost: Units): Refund {
  const { zone, partition, heldFor } = charge
  return { zone, partition, cost, decision, ...(heldFor !== undefined && { heldFor }) }
}
