import type { RedisServer } from '../test/support/redis-process.js'
import { startRedis } from '../test/support/redis-process.js'
import type { Effort, Figure, PartResult, Skipped } from './lib/figure.js'
import { pin } from './lib/pin.js'
import { BUCKET, FIXED } from './redis/contestants.js'
import { boundsOf, LEVELS, linesOf } from './redis/figures.js'
import { openField } from './redis/load.js'
import { measureOutage } from './redis/outage.js'
import { measureWithoutCalls } from './redis/without-calls.js'

const CLIENTS = ['ioredis', 'node-redis'] as const
/** The client that something is required with. */
const REQUIRED_OF = 'ioredis'
const PARTITIONS = 20_000
/** A log of a hundred units would be full at once. */
const ON_ONE_PARTITION = [BUCKET, FIXED, 'rate-limiter-flexible', 'rate-limit-redis', '@fastify/rate-limit']

/**
 * How long an exact decision takes whose counts lie in Redis, beside the client's own `INCR` and other limiters; what
 * is decided without a call; and what an outage costs.
 */
export async function measureRedis(effort: Effort): Promise<PartResult> {
  const skipped: Skipped[] = []
  const figures: Figure[] = []
  const server = await startRedis()
  pin(server.pid, 'server')
  try {
    for (const client of CLIENTS) figures.push(...(await measureClient(client, server, effort, skipped)))
    figures.push(...(await measureWithoutCalls(server, effort)), ...(await measureOutage()))
  } finally {
    await server.stop()
  }
  return { part: 'redis', title: 'A charge in Redis', figures, skipped }
}

async function measureClient(
  client: string,
  server: RedisServer,
  effort: Effort,
  skipped: Skipped[],
): Promise<Figure[]> {
  const figures: Figure[] = []
  const field = await openField(client, server, effort, skipped)
  try {
    for (const inFlight of LEVELS) {
      const measured = await field.measure({ inFlight, partitions: PARTITIONS })
      const load = `${inFlight} in flight on ${client}, ${PARTITIONS.toLocaleString('en')} partitions`
      figures.push(...linesOf(load, measured), ...(client === REQUIRED_OF ? boundsOf(load, measured, inFlight) : []))
    }
    const measured = await field.measure({ inFlight: 500, partitions: 1 }, ON_ONE_PARTITION)
    figures.push(...linesOf(`500 in flight on ${client}, one partition`, measured))
  } finally {
    await field.stop()
  }
  return figures
}
