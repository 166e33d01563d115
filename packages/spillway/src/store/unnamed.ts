import type { Store } from './store.js'

const taken = new WeakSet<Store>()

/**
 * Gives `name` to the one limiter or route limit of a store that has no name of its own. Throws a `TypeError` for the
 * second: the two would share their counts unseen.
 */
export function onlyUnnamed(store: Store, name: string): string {
  if (taken.has(store)) {
    throw new TypeError(
      'two limits without a name on one store would share their counts: give each a name, which is its zone in the store',
    )
  }
  taken.add(store)
  return name
}
