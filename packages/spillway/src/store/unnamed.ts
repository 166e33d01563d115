import type { Store } from './store.js'

const taken = new WeakSet<Store>()

/**
 * Makes, under `name`, the one limiter or route limit of a store that has no name of its own. Throws a `TypeError` for
 * the second: the two would share their counts unseen. One that could not be made takes nothing.
 */
export function onlyUnnamed<T>(store: Store, name: string, make: (name: string) => T): T {
  if (taken.has(store)) {
    throw new TypeError(
      'two limits without a name on one store would share their counts: give each a name, which is its zone in the store',
    )
  }
  const made = make(name)
  taken.add(store)
  return made
}
