import type { Store } from './store.js'

const steady = new WeakSet<Store>()

/** Notes that a store's `decide` and `peek` answer whatever happens. It belongs to this very object, not to one that it is spread into. */
export function noteNeverFails(store: Store): void {
  steady.add(store)
}

/** Whether a store's `decide` and `peek` are known to answer whatever happens. */
export function neverFails(store: Store): boolean {
  return steady.has(store)
}
