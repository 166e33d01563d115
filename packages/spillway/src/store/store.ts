import { after } from '../core/awaitable.js'
import type { Charge, Refund, Zone } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable, Micros, Units } from '../core/units.js'

/**
 * Keeps counts. Each method is one atomic step. A store that cannot answer rejects, or throws, a `StoreError`; it never
 * makes up figures. `storeSuite` of `spillway/testing` tests all that is said here.
 */
export interface Store {
  /**
   * Takes all charges or none, and answers each, in order. Where one is refused the others stay uncharged (`taken: 0`).
   * Two charges on one record are taken one after the other. A refused charge starts its block, if it has one; one
   * that would have been allowed does not.
   */
  decide(charges: readonly Charge[]): Awaitable<readonly Decision[]>

  /** What `decide` would answer now. Spends nothing and starts no block. */
  peek(charges: readonly Charge[]): Awaitable<readonly Decision[]>

  /** Gives units back, never more than were taken. Does not end a block. */
  refund(refunds: readonly Refund[]): Awaitable<void>

  /** Refuses everything from the partition for `span` from now (a longer block that is there stays). Where `zone` holds blocks everywhere, everywhere. */
  block(zone: Zone, partition: string, span: Micros): Awaitable<void>

  /** Ends the partition's block, here and everywhere. Counts stay. */
  unblock(zone: Zone, partition: string): Awaitable<void>

  /** Forgets the partition's counts and its block, as if it had never asked. */
  reset(zone: Zone, partition: string): Awaitable<void>
}

/** Answers a single charge. */
export type DecideOne = (charge: Charge) => Awaitable<Decision>

const singles = new WeakMap<Store, DecideOne>()

/**
 * Notes a shorter way to `decide([charge])`, which spares two arrays. It belongs to this very object: a store that is
 * wrapped, or spread into another, is asked through the other's own `decide`.
 */
export function noteDecideOne(store: Store, decideOne: DecideOne): void {
  singles.set(store, decideOne)
}

/** The shortest way to put a single charge to a store. */
export function decideOneOf(store: Store): DecideOne {
  return singles.get(store) ?? ((charge) => after(store.decide([charge]), firstOf))
}

/** Answers a single charge, and shows the decision to `seen` before whoever waits for it has it. */
type DecideSeen = (charge: Charge, seen: (decision: Decision) => void) => Awaitable<Decision>

const seenSingles = new WeakMap<Store, DecideSeen>()

/** Notes a way to look at a decision that needs no promise of its own. */
export function noteDecideSeen(store: Store, decideSeen: DecideSeen): void {
  seenSingles.set(store, decideSeen)
}

/** The shortest way to put a single charge to a store and to look at its decision. */
export function decideSeenOf(store: Store): DecideSeen {
  const noted = seenSingles.get(store)
  if (noted) return noted

  const decideOne = decideOneOf(store)
  return (charge, seen) => {
    const shown = (decision: Decision): Decision => {
      seen(decision)
      return decision
    }
    return after(decideOne(charge), shown)
  }
}

/** What the charges of one rule have in common. */
export type Terms = Omit<Charge, 'partition' | 'cost'>

/** Puts charges on the same terms to a store, one at a time. */
export type Charger = (partition: string, cost: Units) => Awaitable<Decision>

const chargers = new WeakMap<Store, (terms: Terms) => Charger>()

/** Notes a way that is shorter still, and makes no charge: the terms are looked up once, when the charger is made. A tenth faster in memory. */
export function noteCharger(store: Store, make: (terms: Terms) => Charger): void {
  chargers.set(store, make)
}

/** The shortest way to put charges on these terms to a store. */
export function chargerOf(store: Store, terms: Terms): Charger {
  const make = chargers.get(store)
  if (make) return make(terms)

  const decideOne = decideOneOf(store)
  // In this order: with the terms in front it took most of a microsecond.
  return (partition, cost) => decideOne({ partition, cost, ...terms })
}

function firstOf(decisions: readonly Decision[]): Decision {
  return decisions[0] as Decision
}
