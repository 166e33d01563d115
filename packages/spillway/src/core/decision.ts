import type { Quota } from './quota.js'
import type { Micros, Units } from './units.js'

/** The store's answer to one charge. Being denied is a value, never an exception. */
export type Decision = Allowed | Denied | Blocked | Impossible | Unknown

/** Where one quota stands. */
export interface QuotaStanding {
  readonly quota: Quota
  /** Units left now (after this charge, where it was taken). */
  readonly remaining: Units
  /** Time until `remaining` grows, if nobody else draws on the partition; 0 when nothing is used. */
  readonly resetAfter: Micros
  /** Time until this same cost would fit; 0 where it fits now, `Infinity` where the cost is above the limit. */
  readonly retryAfter: Micros
}

/** What every decision of a store that answers tells. */
export interface Figures {
  /**
   * Of the tightest quota: the one with the least remaining, on a denial the one that must be waited for longest; of
   * several alike the one with the longer `resetAfter`. A token bucket's limit is its burst.
   */
  readonly limit: Units
  readonly remaining: Units
  readonly resetAfter: Micros
  /** Every quota of the charge, in the order of its rule. */
  readonly quotas: readonly QuotaStanding[]
}

/** It may pass. Where another charge of the same request was refused, nothing was taken and `remaining` is what is there. */
export interface Allowed extends Figures {
  readonly kind: 'allowed'
  /** When it was taken, on the store's clock: with the figures, what a refund needs to undo exactly this charge. */
  readonly at: Micros
  /** What was taken: the cost, or 0 for a peek and for a charge that another one's refusal made void. */
  readonly taken: Units
}

/** Too much of at least one quota is used. Nothing was taken. */
export interface Denied extends Figures {
  readonly kind: 'denied'
  /**
   * Time until this same cost would be allowed, if nobody else draws on the partition; where the denial started a
   * block, the longer of the two. More than zero. `Retry-After` carries it in seconds, rounded up (RFC 9110, 10.2.3).
   */
  readonly retryAfter: Micros
}

/**
 * An earlier denial, or an operator, blocked the partition. `remaining` is 0 and `resetAfter` is `retryAfter` for every
 * quota.
 */
export interface Blocked extends Figures {
  readonly kind: 'blocked'
  /** Time until the block ends. More than zero. */
  readonly retryAfter: Micros
}

/** The cost is above a limit (of a token bucket: above its burst): it will never pass. Nothing was taken, no block started. */
export interface Impossible extends Figures {
  readonly kind: 'impossible'
  /** The largest cost that can pass. */
  readonly largestCost: Units
}

/** The store failed; nothing is known. The rule's failure policy answers. */
export interface Unknown {
  readonly kind: 'unknown'
  readonly cause: StoreError
}

/** A fault of the store, never a denial. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** Stable, for programs: `ERR_SPILLWAY_…`. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
