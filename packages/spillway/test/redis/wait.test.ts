import { describe, expect, it } from 'vitest'
import { redisServer } from '../../../../test/support/redis-server.js'
import { until } from '../../../../test/support/until.js'
import type { Allowed } from '../../src/core/decision.js'
import { MILLISECOND } from '../../src/core/units.js'
import { createLimiter } from '../../src/limiter.js'
import { CONNECTIONS } from './connections.js'
import { opened } from './opened.js'

const WINDOW = 200 * MILLISECOND
const QUOTAS = '20/200ms'

describe('waiting on Redis', () => {
  it('shares the quota between two processes, each serving its own in the order in which they came', async () => {
    const server = await redisServer()
    const limiters = [0, 1].map(async () => {
      const { store } = opened(await CONNECTIONS.ioredis!(server.port))
      const limiter = createLimiter({ quotas: QUOTAS, name: 'calls', store, onStoreFailure: 'deny' })
      await until('the server decides', async () => (await limiter.charge('someone')).kind !== 'unknown')
      return limiter
    })
    const orders = await Promise.all(
      limiters.map(async (made) => {
        const limiter = await made
        const order: number[] = []
        const served = Array.from({ length: 40 }, async (_, i) => {
          const decision = await limiter.wait('api', { maxWait: '30s' })
          order.push(i)
          return decision as Allowed
        })
        return { order, served: await Promise.all(served) }
      }),
    )
    for (const { order } of orders) expect(order).toEqual(order.toSorted((a, b) => a - b))

    const times = orders.flatMap(({ served }) => served.map(({ at }) => at)).sort((a, b) => a - b)
    expect(times).toHaveLength(80)
    for (const [i, at] of times.slice(20).entries()) expect(at - times[i]!).toBeGreaterThanOrEqual(WINDOW)
  })
})
