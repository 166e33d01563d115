import type { Charge, Refund, Zone } from '../core/charge.js'
import type { Decision, StoreError } from '../core/decision.js'
import type { Micros, Units } from '../core/units.js'

/** One call of a `Store`'s method, as a value: calls of several requests can so travel together. */
export type StoreCall =
  | { readonly kind: 'decide' | 'peek'; readonly charges: readonly Charge[] }
  | { readonly kind: 'refund'; readonly refunds: readonly Refund[] }
  | { readonly kind: 'block'; readonly zone: Zone; readonly partition: string; readonly span: Micros }
  | { readonly kind: 'unblock' | 'reset'; readonly zone: Zone; readonly partition: string }

/** The decisions of a `decide` or `peek`, none for the other kinds; or why this one call failed, while others did not. */
export type CallAnswer = readonly Decision[] | StoreError

/** A store that is asked over a network: it takes many calls at once, each one atomic step, in order. */
export interface CallStore {
  /** Answers each call, in order. Rejects with a `StoreError` where nothing is known of any; no call is ever sent twice. */
  answer(calls: readonly StoreCall[]): Promise<readonly CallAnswer[]>

  /**
   * Tells that this process is alive, by a write that counts nothing: where it resolves, the store can count. Gives
   * how many processes share the store, this one among them.
   */
  beat(): Promise<Units>
}

/** What joins the wrappers of a `CallStore`: it gets what they notice. */
export type OnStoreEvent = (event: StoreEvent) => void

/** A change that an operator wants to hear of, once. */
export type StoreEvent =
  /** Too many calls failed in a row: no more are sent until a probe succeeds. `cause` is the last fault. */
  | { readonly kind: 'unavailable'; readonly cause: StoreError }
  /** A probe succeeded: the store decides again. */
  | { readonly kind: 'available'; readonly after: Micros }
  /** The first decision that this process made alone, its share one of `replicas`, and why the store made none. */
  | { readonly kind: 'local'; readonly replicas: Units; readonly cause: StoreError }
  /** The store decides again after decisions made alone. */
  | { readonly kind: 'recovered' }
  /** Something about the server that may break a guarantee, such as a `maxmemory-policy` that evicts counts. */
  | { readonly kind: 'warning'; readonly message: string }

/** Decisions since the start, by where they came from. Written by the wrappers, read by whoever shows metrics. */
export interface DecisionSources {
  store: number
  denyCache: number
  lease: number
  local: number
  /** No answer: the rule's failure policy is `allow` or `deny`. */
  unknown: number
}

/** Nothing decided yet. */
export function noDecisions(): DecisionSources {
  return { store: 0, denyCache: 0, lease: 0, local: 0, unknown: 0 }
}
