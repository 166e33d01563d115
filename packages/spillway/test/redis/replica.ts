import { Redis } from 'ioredis'
import type { QuotaOptions } from '../../src/core/make-quota.js'
import { makeQuota } from '../../src/core/make-quota.js'
import { createLimiter } from '../../src/limiter.js'
import { fromIoredis, ioredisOptions } from '../../src/store/redis/clients/ioredis.js'
import { redisStore } from '../../src/store/redis/redis.js'

/**
 * A process of a fleet that shares a Redis: `node --import tsx replica.ts PORT`. Charges what it is told to, all
 * at once, and tells how many were allowed.
 */
export interface Order {
  readonly id: number
  readonly zone: string
  readonly quota: QuotaOptions
  readonly charges: number
}

export interface Done {
  readonly id: number
  readonly allowed: number
  /** How many processes this one believes there are. */
  readonly replicas: number
  readonly decidedBy: { readonly store: number; readonly local: number; readonly denyCache: number }
}

const client = new Redis(Number(process.argv[2]), '127.0.0.1', ioredisOptions)
const store = redisStore(fromIoredis(client), { timeout: '2s', onEvent: () => undefined })

process.on('message', async ({ id, zone, quota, charges }: Order) => {
  const before = store.stats().decisions
  const limiter = createLimiter({ name: zone, quotas: makeQuota(quota), store })
  const decisions = await Promise.all(Array.from({ length: charges }, () => limiter.charge('mia')))
  const allowed = decisions.filter(({ kind }) => kind === 'allowed').length
  const after = store.stats().decisions
  const decidedBy = {
    store: after.store - before.store,
    local: after.local - before.local,
    denyCache: after.denyCache - before.denyCache,
  }
  process.send?.({ id, allowed, replicas: store.stats().replicas, decidedBy } satisfies Done)
})

process.on('disconnect', () => process.exit())
client.once('ready', () => process.send?.('ready'))
