import type { Charge, Refund } from '../core/charge.js'
import type { Awaitable } from '../core/units.js'
import type { Store } from './store.js'

/** A store that answers a turn later, as one over a network does, and notes what it was asked. */
export interface WatchedStore extends Store {
  readonly decided: Charge[][]
  readonly refunded: Refund[]
  /** From now on every call fails so; `undefined`: it answers again. */
  fail(error: Error | undefined): void
}

/** Watches a store, which answers until it is told to fail. */
export function watchedStore(store: Store): WatchedStore {
  const decided: Charge[][] = []
  const refunded: Refund[] = []
  let fault: Error | undefined
  const later = <T>(answer: () => Awaitable<T>): Promise<T> =>
    fault === undefined ? Promise.resolve().then(answer) : Promise.reject(fault)
  return {
    decided,
    refunded,
    fail(error) {
      fault = error
    },
    decide(charges) {
      decided.push([...charges])
      return later(() => store.decide(charges))
    },
    peek: (charges) => later(() => store.peek(charges)),
    refund(refunds) {
      refunded.push(...refunds)
      return later(() => store.refund(refunds))
    },
    block: (zone, partition, span) => later(() => store.block(zone, partition, span)),
    unblock: (zone, partition) => later(() => store.unblock(zone, partition)),
    reset: (zone, partition) => later(() => store.reset(zone, partition)),
  }
}
