import { beforeAll, describe, expect, it } from 'vitest'
import type { RedisServer } from '../../../../test/support/redis-process.js'
import { redisServer } from '../../../../test/support/redis-server.js'
import type { QuotaOptions } from '../../src/core/make-quota.js'
import { DAY } from '../../src/core/units.js'
import type { Fleet } from './fleet.js'
import { allowedIn, fleet } from './fleet.js'
import { print } from './print.js'

const PROCESSES = 4
const IN_FLIGHT = 2_000

describe('four processes that share a Redis', () => {
  let server: RedisServer
  let processes: Fleet

  beforeAll(async () => {
    server = await redisServer()
    processes = await fleet(PROCESSES, server.port)
  })

  // Of windows so long that nothing is refilled while the test runs.
  it.each<[string, QuotaOptions]>([
    ['sliding-window', { algorithm: 'sliding-window', limit: 100, window: DAY }],
    ['sliding-window whose log merges', { algorithm: 'sliding-window', limit: 700, window: DAY }],
    ['fixed-window', { algorithm: 'fixed-window', limit: 100, window: DAY }],
    ['fixed-window by the clock', { algorithm: 'fixed-window', align: 'clock', limit: 100, window: 365 * DAY }],
    ['calendar window', { every: 'year', timezone: 'Europe/Berlin', limit: 100 }],
    ['token-bucket', { algorithm: 'token-bucket', limit: 100, window: DAY }],
    ['token-bucket with a burst', { algorithm: 'token-bucket', limit: 20, window: DAY, burst: 333 }],
  ])('admit exactly the limit, every time: %s', async (name, quota) => {
    const limit = 'burst' in quota ? (quota.burst as number) : quota.limit
    for (let round = 0; round < 5; round++) {
      const zone = `${name.replaceAll(' ', '-')}-${round}`
      const done = await processes.charge(zone, quota, IN_FLIGHT / PROCESSES)

      expect(allowedIn(done)).toBe(limit)
      expect(done.map(({ decidedBy }) => decidedBy.local)).toEqual([0, 0, 0, 0])
    }
    print(
      `${IN_FLIGHT} charges in flight from ${PROCESSES} processes, ${name}: exactly ${limit} admitted, five times of five`,
    )
  })
})
