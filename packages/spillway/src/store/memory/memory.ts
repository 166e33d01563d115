import type { Quota } from '../../core/quota.js'
import { bucketCounter } from './bucket-counter.js'
import type { CellCounter } from './counter.js'
import { logCounter } from './log-counter.js'
import type { Slab } from './slab.js'
import type { MemoryStore, MemoryStoreOptions } from './store-of.js'
import { storeOf } from './store-of.js'
import { windowCounter } from './window-counter.js'

/**
 * Keeps counts in this process, and answers without a promise. Bounded, and immune to floods: what has expired makes
 * room, what still counts is never dropped, and newcomers to a full store share a thousand overflow partitions a zone.
 * Throws a `RangeError` where a bound is not a whole number above zero.
 */
export function memoryStore(options?: MemoryStoreOptions): MemoryStore {
  return storeOf(counterOf, options)
}

function counterOf(quota: Quota, offset: number, slab: Slab): CellCounter {
  switch (quota.algorithm) {
    case 'token-bucket':
      return bucketCounter(quota, offset)
    case 'fixed-window':
      return windowCounter(quota, offset)
    case 'sliding-window':
      return logCounter(quota, offset, slab)
  }
}
