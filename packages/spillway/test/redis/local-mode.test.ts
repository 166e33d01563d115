import { afterEach, beforeAll, expect, it } from 'vitest'
import type { RedisServer } from '../../../../test/support/redis-process.js'
import { redisServer } from '../../../../test/support/redis-server.js'
import { until } from '../../../../test/support/until.js'
import type { QuotaOptions } from '../../src/core/make-quota.js'
import type { Quota } from '../../src/core/quota.js'
import { DAY, SECOND } from '../../src/core/units.js'
import type { Fleet } from './fleet.js'
import { allowedIn, fleet } from './fleet.js'
import { print } from './print.js'

const PROCESSES = 4
const IN_FLIGHT = 2_000

interface Case {
  readonly zone: string
  readonly algorithm?: Quota['algorithm']
  readonly limit: number
  /** Charges of each process before Redis is killed. */
  readonly before: number
  /** How many all may admit together from then on. */
  readonly most: number
}

let server: RedisServer
let processes: Fleet

beforeAll(async () => {
  server = await redisServer()
  processes = await fleet(PROCESSES, server.port)
})

afterEach(() => server.restart())

it.each<Case>([
  { zone: 'untouched', limit: 100, before: 0, most: 104 },
  { zone: 'half-used', limit: 100, before: 13, most: 104 },
  { zone: 'odd', limit: 101, before: 4, most: 105 },
  { zone: 'small', limit: 2, before: 0, most: 6 },
  { zone: 'used-up', limit: 40, before: 20, most: 0 },
  { zone: 'fixed', algorithm: 'fixed-window', limit: 100, before: 13, most: 104 },
  { zone: 'bucket', algorithm: 'token-bucket', limit: 100, before: 13, most: 104 },
])(
  'four processes without Redis admit the limit and one more each at most: $zone',
  async ({ zone, algorithm = 'sliding-window', limit, before, most }) => {
    const quota: QuotaOptions = { algorithm, limit, window: DAY }
    const charged = async (charges: number) => allowedIn(await processes.charge(zone, quota, charges))
    await untilAllKnowOfAll()
    // A second time, so that each knows what the others have left.
    const healthy = before === 0 ? 0 : (await charged(before)) + (await charged(1))

    await server.kill()
    let more = 0
    for (let round = 0; round < 3; round++) {
      more += await charged(IN_FLIGHT / PROCESSES)
    }

    print(`${zone}: ${healthy} of ${limit} admitted, then Redis killed: ${more} more by ${PROCESSES} processes alone`)
    expect(more).toBeLessThanOrEqual(most)
    expect(more > 0).toBe(most > 0)
  },
)

async function untilAllKnowOfAll(): Promise<void> {
  await until('all know of all', async () => {
    const done = await processes.charge('warm', { limit: 1_000, window: SECOND }, 1)
    return done.every(({ decidedBy, replicas }) => decidedBy.store === 1 && replicas === PROCESSES)
  })
}
