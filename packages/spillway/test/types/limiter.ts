/**
 * What must and what must not compile: quotas, limiters, decisions and stores in memory. Read by `npm run types`, never
 * run.
 */
import type { Awaitable, Decision, Limiter, MemoryStats, Micros, Quota, Store } from 'spillway'
import {
  createLimiter,
  formatDuration,
  makeQuota,
  memoryStore,
  parseDuration,
  QuotaSyntaxError,
  quota,
  quotas,
  StoreError,
} from 'spillway'
import { algorithmSuite, fakeClock, plainStore, storeSuite } from 'spillway/testing'

declare const decision: Decision
const clock = fakeClock()
const store: Store = memoryStore({ clock, maxPartitions: 1_000, maxBytes: 2 ** 20 })

export const one: Quota = quota('10/minute')
export const many: Quota[] = quotas('1/second; 200/day')
export const bucket: Quota = makeQuota({ limit: 10, window: 60_000_000, algorithm: 'token-bucket', burst: 20 })
export const month: Quota = makeQuota({ limit: 10, every: 'month', timezone: 'Europe/Berlin' })
export const span: Micros = parseDuration('15m')
export const words: string = formatDuration(span)
export const place = (error: QuotaSyntaxError): string => error.text.slice(error.index)
export const code = (error: StoreError): string => error.code
export const limiters: Limiter[] = [
  createLimiter({ quotas: '5/minute' }),
  createLimiter({ quotas: { limit: 5, window: '10s', algorithm: 'fixed-window' } }),
  createLimiter({ quotas: ['1/second', bucket], block: '15m', store, onStoreFailure: 'deny', name: 'logins' }),
]
const [limiter = createLimiter({ quotas: month })] = limiters
export const charged: Awaitable<Decision> = limiter.charge('mia', { cost: 2 })
export const undone: Awaitable<void> = limiter.refund('mia', { decision })
export const stats: MemoryStats = memoryStore().stats()
storeSuite('mine', (time) => plainStore(time), { programs: 10 })
algorithmSuite('mine', (time) => memoryStore({ clock: time }))

/** What each kind has, and no other. */
export function told(of: Decision): string | number {
  switch (of.kind) {
    case 'allowed':
      return of.remaining + of.at
    case 'denied':
    case 'blocked':
      return of.retryAfter
    case 'impossible':
      return of.largestCost
    case 'unknown':
      return of.cause.code
  }
}

// @ts-expect-error there is no default quota
createLimiter({})
// @ts-expect-error a quota is text or made
createLimiter({ quotas: 5 })
// @ts-expect-error a span has a unit, or is in microseconds
createLimiter({ quotas: '5/minute', block: true })
// @ts-expect-error no such failure policy
createLimiter({ quotas: '5/minute', onStoreFailure: 'open' })
// @ts-expect-error the option is quotas
createLimiter({ limit: '5/minute' })
// @ts-expect-error units are a number
limiter.charge('mia', { cost: '2' })
// @ts-expect-error how long must be said
limiter.block('mia')
// @ts-expect-error a decision may be yet to come
export const kind = limiter.charge('mia').kind
// @ts-expect-error only a denial says when to come back
export const wait = decision.retryAfter
// @ts-expect-error a decision is read, not written
if (decision.kind === 'allowed') decision.remaining = 5
// @ts-expect-error text is parsed by `quota`
makeQuota('10/minute')
// @ts-expect-error no such algorithm
makeQuota({ limit: 10, window: 1_000_000, algorithm: 'leaky-bucket' })
// @ts-expect-error the option is every
makeQuota({ limit: 10, calendar: 'month' })
// @ts-expect-error the option is maxPartitions
memoryStore({ maxKeys: 5 })
// @ts-expect-error a store needs all of its methods
export const partly: Store = { decide: () => [] }
// @ts-expect-error a suite makes a store for each test
storeSuite('mine', store)
// @ts-expect-error a fault has a cause
export const bare = new StoreError('ERR')
// @ts-expect-error where the fault is must be said
export const nowhere = new QuotaSyntaxError('wrong')
