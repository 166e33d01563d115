import { logCounter } from './log-counter.js'
import type { MemoryStore } from './store-of.js'
import { storeOf } from './store-of.js'

/** A memory store for sliding windows alone, as all quotas written as text are: it needs no code of the other algorithms. */
export function slidingStore(): MemoryStore {
  return storeOf((quota, offset, slab) => {
    if (quota.algorithm === 'sliding-window') return logCounter(quota, offset, slab)
    throw new TypeError(`this store has no counters for a ${quota.algorithm}`)
  })
}
