import type { Charge, Refund } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import { sizeOf } from '../core/tightest.js'
import type { Clock, Micros, Units } from '../core/units.js'
import type { KnownCounter, LastKnown } from './last-known.js'
import { recall } from './last-known.js'
import type { Carried } from './memory/carry-over.js'
import { carryOver } from './memory/carry-over.js'
import { memoryStore } from './memory/memory.js'
import { memoryOf } from './memory/memory-of.js'
import { sharedSize, shareOf, unshared } from './share.js'

/** What decides in this process while the store does not: its share of each limit, and no more than was last known to remain. */
export interface LocalStore {
  readonly replicas: Units
  decide(charges: readonly Charge[], known: LastKnown, now: Micros): readonly Decision[]
  peek(charges: readonly Charge[], known: LastKnown, now: Micros): readonly Decision[]
  /** Gives back what a decision of this store took. One of another store gives nothing. */
  refund(refund: Refund): void
}

/** Counts what is decided from now on, as one of so many replicas. */
export function localStore(clock: Clock, replicas: Units): LocalStore {
  const store = memoryStore({ clock })
  /** What was decided of the charge of a share, by the decision that was made of it. */
  const origins = new WeakMap<Decision, Decision>()

  function shares(charges: readonly Charge[], known: LastKnown, now: Micros): readonly Charge[] {
    for (const charge of charges) carryKnown(charge, known, now)
    return charges.map((charge) => shareOf(charge, replicas))
  }

  function carryKnown(charge: Charge, known: LastKnown, now: Micros): void {
    const memory = memoryOf(store)
    if (memory === undefined) return
    const { zone, partition } = charge
    const record = recall(known, zone, partition, now)
    if (record !== undefined) {
      const carried = record.counters.map((counter, i) => counter && carriedBy(counter, charge, i, replicas))
      carryOver(memory, zone, partition, carried, record.blockedFor)
    }
    const elsewhere = zone.everywhere && recall(known, zone.everywhere, partition, now)
    if (zone.everywhere && elsewhere) carryOver(memory, zone.everywhere, partition, [], elsewhere.blockedFor)
  }

  function told(charges: readonly Charge[], decisions: readonly Decision[]): readonly Decision[] {
    return decisions.map((decision, i) => {
      const outward = unshared(decision, charges[i] as Charge, replicas)
      origins.set(outward, decision)
      return outward
    })
  }

  return {
    replicas,
    decide: (charges, known, now) => told(charges, store.decide(shares(charges, known, now))),
    peek: (charges, known, now) => told(charges, store.peek(shares(charges, known, now))),
    refund(refund) {
      const decision = refund.decision && origins.get(refund.decision)
      if (decision !== undefined) store.refund([{ ...refund, cost: refund.cost * replicas, decision }])
    },
  }
}

/**
 * What a counter holds at first. A charge that fits into what was last known to remain fits into the share of that too;
 * one that does not, does not.
 */
function carriedBy(counter: KnownCounter, { quotas, cost }: Charge, index: number, replicas: Units): Carried {
  const { used, resetAfter, age } = counter
  const bound = quotas.find((each) => each.counter === index)
  if (bound === undefined) return { used, first: 1, resetAfter, age }

  const remaining = Math.max(0, sizeOf(bound.quota) - used)
  const size = sharedSize(bound.quota, cost, replicas)
  const share = Math.min(size, Math.ceil(remaining / replicas) * replicas)
  const room = cost <= remaining ? Math.max(share, cost * replicas) : Math.min(share, cost * replicas - 1)
  return { used: size - room, first: replicas, resetAfter, age }
}
