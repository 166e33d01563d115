import type { Decision, Limiter, Store } from 'spillway'
import { createLimiter, makeQuota } from 'spillway'

/** `TokenBucket(replenish_time, max_tokens)`: full again so many seconds after the first unit was taken. */
export interface Bucket {
  readonly replenishTime: number
  readonly maxTokens: number
}

/** `TokenThrottler`: buckets by identifier, which come and go while it runs. */
export interface Throttler {
  /** A bucket with the same `replenishTime` is replaced; what was taken stays taken. */
  addBucket(identifier: string, bucket: Bucket): void
  /** Returns whether it was there. */
  removeBucket(identifier: string, replenishTime: number): boolean
  /** Takes the cost from every bucket of the identifier, or from none. Throws a `RangeError` for one without buckets. */
  consume(identifier: string): Promise<Decision>
}

/** Makes a throttler whose every call costs `cost`. Its buckets are quotas of limiters that share one zone. */
export function createThrottler(cost: number, store: Store): Throttler {
  const buckets = new Map<string, Map<number, Bucket>>()
  const limiters = new Map<string, Limiter>()

  return {
    addBucket(identifier, bucket) {
      const own = buckets.get(identifier) ?? new Map<number, Bucket>()
      buckets.set(identifier, own.set(bucket.replenishTime, bucket))
      limiters.set(identifier, limiterOf(own, store))
    },
    removeBucket(identifier, replenishTime) {
      const own = buckets.get(identifier)
      const wasThere = own?.delete(replenishTime) ?? false
      if (own === undefined || own.size === 0) limiters.delete(identifier)
      else limiters.set(identifier, limiterOf(own, store))
      return wasThere
    },
    async consume(identifier) {
      const limiter = limiters.get(identifier)
      if (limiter === undefined) throw new RangeError(`${JSON.stringify(identifier)} has no bucket`)
      return await limiter.charge(identifier, { cost })
    },
  }
}

function limiterOf(buckets: ReadonlyMap<number, Bucket>, store: Store): Limiter {
  const quotas = [...buckets.values()].map(({ replenishTime, maxTokens }) =>
    makeQuota({ limit: maxTokens, window: replenishTime * 1_000_000, algorithm: 'fixed-window' }),
  )
  return createLimiter({ quotas, store, name: 'throttler' })
}
