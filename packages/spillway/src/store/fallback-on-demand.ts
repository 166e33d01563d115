import { neverFails } from './never-fails.js'
import type { Store } from './store.js'

/**
 * `sharedFallback` for where a store that fails is rare: its code, a fifth of what a limit on a route consists of, is
 * loaded at the first call. A store that never fails is returned as it is.
 */
export function fallbackOnDemand(store: Store): Store {
  if (neverFails(store)) return store
  let coming: Promise<Store> | undefined
  const wrapped = (): Promise<Store> => {
    coming ??= import('./local-fallback.js').then(({ sharedFallback }) => sharedFallback(store))
    return coming
  }
  return {
    decide: async (charges) => (await wrapped()).decide(charges),
    peek: async (charges) => (await wrapped()).peek(charges),
    refund: async (refunds) => (await wrapped()).refund(refunds),
    block: async (zone, partition, span) => (await wrapped()).block(zone, partition, span),
    unblock: async (zone, partition) => (await wrapped()).unblock(zone, partition),
    reset: async (zone, partition) => (await wrapped()).reset(zone, partition),
  }
}
