import { describe, expect, it } from 'vitest'
import { redisServer } from '../../../../test/support/redis-server.js'
import { until } from '../../../../test/support/until.js'
import { CONNECTIONS } from './connections.js'
import { opened } from './opened.js'
import { print } from './print.js'
import type { Sample } from './service.js'
import { percentile, service, statuses } from './service.js'
import { askUntilDecided, decided, passed, taken, untilDecided } from './store-waits.js'

/** Far above the load: whatever is not 200 or not quick is the fault's doing. */
const RULE = { quotas: '1000000/hour' }
const PER_SECOND = 50
/** A request that takes longer has waited for the store's deadline. */
const PAID = 40

const CLIENTS = Object.keys(CONNECTIONS)

describe('a server that', () => {
  it.each(['ioredis', 'node-redis'])(
    'hangs for 5 s costs a few requests the deadline, the others nothing, and counts little late: %s',
    async (client) => {
      const server = await redisServer()
      const { store, events } = opened(await CONNECTIONS[client]!(server.port))
      const { ask, load } = await service(store, RULE)
      await askUntilDecided(store, ask)
      const running = load(PER_SECOND)
      await decided(store, 25)

      server.pause()
      const pausedAt = performance.now()
      await passed(5_000)
      server.resume()
      const resumedAt = performance.now()
      const recovered = await untilDecided(store)
      await until('it has told that it recovered', () => events.includes('recovered'))
      const { limited, free } = await running.stop()

      const inTime = ({ at }: Sample) => at >= pausedAt && at < resumedAt
      const [during, meanwhile] = [limited.filter(inTime), free.filter(inTime)]
      const paid =
        during.filter(({ took }) => took >= PAID).length - meanwhile.filter(({ took }) => took >= PAID).length
      const rest = percentile(
        during.filter(({ took }) => took < PAID),
        0.99,
      )
      const none = percentile(meanwhile, 0.99)
      const late = (await taken(store, RULE.quotas)) - store.stats().decisions.store
      print(
        `SIGSTOP 5 s at ${PER_SECOND}/s, ${client}: ${paid} of ${during.length} paid the deadline, p99 of the rest ` +
          `${rest.toFixed(1)} ms (of requests under no rule ${none.toFixed(1)} ms), ${late} counted late, recovered after ${recovered} ms`,
      )
      expect(statuses(limited)).toEqual({ 200: limited.length })
      expect(during.length).toBeGreaterThan(240)
      expect(paid).toBeLessThanOrEqual(20)
      // What a busy machine makes every request wait is not the limiter's doing.
      expect(rest).toBeLessThanOrEqual(Math.max(5, none + 1))
      expect(late).toBeLessThanOrEqual(30)
      expect(recovered).toBeLessThanOrEqual(1_000)
      expect([...events].sort()).toEqual(['available', 'local', 'recovered', 'unavailable'])
    },
  )

  it.concurrent.each(CLIENTS)('was killed and comes back empty decides again within a second: %s', async (client) => {
    const server = await redisServer()
    const { store } = opened(await CONNECTIONS[client]!(server.port))
    const { ask, load } = await service(store, RULE)
    await askUntilDecided(store, ask)
    const running = load(PER_SECOND)
    await decided(store, 25)

    await server.kill()
    await passed(2_000)
    await server.restart()
    const recovered = await untilDecided(store)
    await decided(store, 25)
    const { limited } = await running.stop()

    print(outageLine(`kill -9 and an empty restart, ${client}`, limited, recovered))
    expect(statuses(limited)).toEqual({ 200: limited.length })
    expect(recovered).toBeLessThanOrEqual(1_000)
    expect(await taken(store, RULE.quotas)).toBeGreaterThan(20)
  })

  it.concurrent.each(CLIENTS)(
    'is not there at the start, and comes 8 s later, decides within a second: %s',
    async (client) => {
      const server = await redisServer()
      await server.kill()
      const { store } = opened(await CONNECTIONS[client]!(server.port))
      const { load } = await service(store, RULE)

      const running = load(PER_SECOND)
      await passed(8_000)
      expect(store.stats().decisions.store).toBe(0)
      await server.restart()
      const recovered = await untilDecided(store)
      const { limited } = await running.stop()

      print(outageLine(`down at the start, up 8 s later, ${client}`, limited, recovered))
      expect(statuses(limited)).toEqual({ 200: limited.length })
      expect(recovered).toBeLessThanOrEqual(1_000)
    },
  )
})

function outageLine(what: string, samples: readonly Sample[], recovered: number): string {
  const slowest = Math.max(...samples.map(({ took }) => took))
  return `${what}: slowest of ${samples.length} requests ${slowest.toFixed(0)} ms, recovered after ${recovered} ms`
}
