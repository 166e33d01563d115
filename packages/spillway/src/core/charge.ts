import type { Decision } from './decision.js'
import type { Quota } from './quota.js'
import type { Micros, Units } from './units.js'

/**
 * A pool, compiled once from all rules that share it. Its record, one a partition, holds one counter for each
 * algorithm and window among the rules' quotas, and the block.
 */
export interface Zone {
  /** Unique in a store. A name with a `*` is Spillway's own and cannot come from a policy. */
  readonly name: string
  /**
   * One quota stands for each counter: its algorithm and window are the counter's, its limit plays no part (but in a
   * token bucket).
   */
  readonly counters: readonly Quota[]
  /** Where the policy blocks everywhere: the zone without counters whose records hold those blocks. */
  readonly everywhere?: Zone
}

/** A quota of a rule, with the counter of its zone that it is checked against. */
export interface BoundQuota {
  readonly quota: Quota
  /** An index into `Zone.counters`. */
  readonly counter: number
}

/** After a denial, a time in which everything is refused. */
export interface Block {
  readonly for: Micros
  /** Whether every rule that partitions by the same kind refuses the partition too. */
  readonly everywhere: boolean
}

/** How a process may take units of a busy partition ahead of its requests, to hand them out by itself. */
export interface Lease {
  /** How many it takes at once. */
  readonly size: Units
  /** How long it may hand them out; what is left then goes back. */
  readonly for: Micros
}

/** What can be done with a request while the store gives no answer. */
export const FAILURE_POLICIES = ['local', 'allow', 'deny'] as const

/** What to do with a request while the store gives no answer. */
export type FailurePolicy = (typeof FAILURE_POLICIES)[number]

/**
 * One rule's claim for one request, put to a store. It counts in every counter of its zone and is checked against its
 * own quotas.
 */
export interface Charge {
  readonly zone: Zone
  readonly partition: string
  /** Empty: nothing is counted, only blocks are looked at. */
  readonly quotas: readonly BoundQuota[]
  /** A whole number, at least 1. */
  readonly cost: Units
  readonly block: Block | undefined
  readonly onStoreFailure: FailurePolicy
  /** Absent: every charge is put to the store by itself. */
  readonly lease?: Lease
  /**
   * The units are held under a lease, to be spent within this time, which is no longer than a window: they count as taken
   * when it is over. A fixed window counts them in the one that is open: hold them no longer than its `resetAfter`.
   * Absent, and in the memory store, which nobody leases from, they count as taken now.
   */
  readonly heldFor?: Micros
}

/** Units to give back to a partition. */
export interface Refund {
  readonly zone: Zone
  readonly partition: string
  readonly cost: Units
  /** The decision on the charge: exactly that charge is undone. Without it the newest units are given back. */
  readonly decision?: Decision
  /** That of the charge, if it had one. */
  readonly heldFor?: Micros
}
