import type { Charge, Refund, Zone } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable, Micros } from '../core/units.js'

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
