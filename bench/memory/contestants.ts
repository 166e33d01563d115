import type { Decision, Quota } from 'spillway'
import { fastifyStore } from '../lib/fastify-store.js'
import { lastingQuota } from '../lib/lasting-quota.js'

/** Charges one partition, and says whether it passes. */
export type Charger =
  | { readonly kind: 'immediate'; readonly charge: (name: string) => boolean }
  | { readonly kind: 'awaited'; readonly charge: (name: string) => Promise<boolean> }

/** How much each partition may have: `limit` units in `window` milliseconds. */
export interface Allotment {
  readonly limit: number
  readonly window: number
  /** How many partitions will come: some contestants drop the oldest unless they are told. */
  readonly partitions: number
}

export interface Contestant {
  readonly name: string
  readonly note?: string
  /** The most units that it can be given, where it refuses what all others let pass. Its note says so. */
  readonly most?: number
  /** Rejects where the package cannot be loaded. */
  make(allotment: Allotment): Charger | Promise<Charger>
}

export const FLOOR = 'bare Map (the floor)'

export const CONTESTANTS: readonly Contestant[] = [
  { name: FLOOR, make: bareMap },
  { name: 'spillway token-bucket', make: (allotment) => spillway(allotment, 'token-bucket') },
  { name: 'spillway fixed-window', make: (allotment) => spillway(allotment, 'fixed-window') },
  { name: 'spillway sliding-window', make: (allotment) => spillway(allotment, 'sliding-window') },
  { name: 'hono-rate-limiter', make: honoRateLimiter },
  { name: '@fastify/rate-limit', make: fastifyRateLimit },
  { name: 'express-rate-limit', make: expressRateLimit },
  { name: 'rate-limiter-flexible', make: rateLimiterFlexible },
  { name: 'limiter', note: 'one object a partition, in a Map', make: limiter },
  {
    name: '@nestjs/throttler',
    note: 'limit 100, as it searches a list of all hits: what comes after those it refuses',
    most: 100,
    make: nestThrottler,
  },
]

/** The least that a limiter can do: a count and its end in a Map, and a look at the clock. */
function bareMap({ limit, window }: Allotment): Charger {
  const counts = new Map<string, { used: number; endsAt: number }>()
  const span = window * 1000
  return {
    kind: 'immediate',
    charge(name) {
      const now = Math.floor(performance.now() * 1000)
      const count = counts.get(name)
      if (count === undefined) {
        counts.set(name, { used: 1, endsAt: now + span })
        return true
      }
      if (now >= count.endsAt) {
        count.used = 0
        count.endsAt = now + span
      }
      if (count.used >= limit) return false
      count.used++
      return true
    },
  }
}

async function spillway({ limit, window }: Allotment, algorithm: Quota['algorithm']): Promise<Charger> {
  const { createLimiter } = await import('spillway')
  const limiter = createLimiter({ quotas: lastingQuota(algorithm, limit, window * 1000) })
  // With a memory store a charge answers at once, without a promise.
  return { kind: 'immediate', charge: (name) => (limiter.charge(name) as Decision).kind === 'allowed' }
}

async function honoRateLimiter({ limit, window }: Allotment): Promise<Charger> {
  const { MemoryStore } = await import('hono-rate-limiter')
  const store = new MemoryStore()
  store.init({ windowMs: window } as Parameters<typeof store.init>[0])
  return { kind: 'immediate', charge: (name) => store.increment(name).totalHits <= limit }
}

async function fastifyRateLimit({ limit, window, partitions }: Allotment): Promise<Charger> {
  // It drops the oldest beyond so many: 5,000 where nothing is said.
  const store = await fastifyStore('LocalStore', Math.max(5_000, partitions))
  let passes = false
  const done = (_: Error | null, result?: { readonly current: number }) => {
    passes = result !== undefined && result.current <= limit
  }
  return {
    kind: 'immediate',
    charge(name) {
      store.incr(name, done, window, limit)
      return passes
    },
  }
}

async function expressRateLimit({ limit, window }: Allotment): Promise<Charger> {
  const { MemoryStore } = await import('express-rate-limit')
  const store = new MemoryStore()
  store.init({ windowMs: window } as Parameters<typeof store.init>[0])
  return { kind: 'awaited', charge: async (name) => (await store.increment(name)).totalHits <= limit }
}

async function rateLimiterFlexible({ limit, window }: Allotment): Promise<Charger> {
  const { RateLimiterMemory } = await import('rate-limiter-flexible')
  const store = new RateLimiterMemory({ points: limit, duration: window / 1000 })
  const charge = async (name: string) => {
    try {
      await store.consume(name)
      return true
    } catch {
      return false
    }
  }
  return { kind: 'awaited', charge }
}

async function limiter({ limit, window }: Allotment): Promise<Charger> {
  const { RateLimiter } = await import('limiter')
  const limiters = new Map<string, InstanceType<typeof RateLimiter>>()
  return {
    kind: 'immediate',
    charge(name) {
      let found = limiters.get(name)
      if (found === undefined) {
        found = new RateLimiter({ tokensPerInterval: limit, interval: window })
        limiters.set(name, found)
      }
      return found.tryRemoveTokens(1)
    },
  }
}

async function nestThrottler({ limit, window }: Allotment): Promise<Charger> {
  await import('reflect-metadata')
  const { ThrottlerStorageService } = await import('@nestjs/throttler')
  const storage = new ThrottlerStorageService()
  return {
    kind: 'awaited',
    charge: async (name) => !(await storage.increment(name, window, limit, 0, 'default')).isBlocked,
  }
}
