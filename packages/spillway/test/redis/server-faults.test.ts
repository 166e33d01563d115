import { describe, expect, it } from 'vitest'
import type { RedisServer } from '../../../../test/support/redis-process.js'
import { redisServer } from '../../../../test/support/redis-server.js'
import { until } from '../../../../test/support/until.js'
import type { Allowed } from '../../src/core/decision.js'
import { makeQuota } from '../../src/core/make-quota.js'
import { SECOND } from '../../src/core/units.js'
import { createLimiter } from '../../src/limiter.js'
import type { RedisStore, RedisStoreOptions } from '../../src/store/redis/redis.js'
import { ioredisConnection } from './connections.js'
import { faultProxy } from './fault-proxy.js'
import { opened } from './opened.js'
import { print } from './print.js'
import type { Service } from './service.js'
import { percentile, service, statuses } from './service.js'
import { askUntilDecided, decided, passed, taken, untilDecided } from './store-waits.js'

const RULE = { quotas: '1000000/hour' }
const PER_SECOND = 100

async function running(
  port: number,
  options: RedisStoreOptions = {},
): Promise<{ readonly store: RedisStore; readonly service: Service }> {
  const { store } = opened(ioredisConnection(port), options)
  const served = await service(store, RULE)
  await askUntilDecided(store, served.ask)
  return { store, service: served }
}

describe('under load', () => {
  it('SCRIPT FLUSH goes unnoticed', async () => {
    const server = await redisServer()
    const { store, service } = await running(server.port, { timeout: '500ms' })
    const before = await taken(store, RULE.quotas)
    const { failures } = store.stats()
    const load = service.load(PER_SECOND)

    for (let flushed = 0; flushed < 5; flushed++) {
      await server.cli('SCRIPT', 'FLUSH')
      await decided(store, 20)
    }
    const { limited } = await load.stop()

    print(
      `SCRIPT FLUSH five times in ${limited.length} requests: all counted, p99 ${percentile(limited, 0.99).toFixed(1)} ms`,
    )
    expect(statuses(limited)).toEqual({ 200: limited.length })
    expect(await taken(store, RULE.quotas)).toBe(before + limited.length)
    expect(store.stats().failures).toEqual(failures)
  })

  it.each([
    ['READONLY', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    ['OOM', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    ['NOREPLICAS', ['CONFIG', 'SET', 'min-replicas-to-write', '1'], ['CONFIG', 'SET', 'min-replicas-to-write', '0']],
  ])('%s is a failure of the store, which each rule answers by its own policy', async (code, begin, end) => {
    const server = await redisServer()
    const services = await Promise.all((['local', 'allow', 'deny'] as const).map((policy) => failing(server, policy)))
    const loads = services.map(({ service }) => service.load(PER_SECOND))
    for (const { store } of services) await decided(store, 20)

    await server.cli(...begin)
    await passed(1_000)
    await server.cli(...end)
    const recovered = await Promise.all(services.map(({ store }) => untilDecided(store)))
    const answered = await Promise.all(loads.map(async (load) => statuses((await load.stop()).limited)))

    print(`${code} for 1 s: answers ${JSON.stringify(answered)}, recovered after ${Math.max(...recovered)} ms`)
    expect(Object.keys(answered[0]!)).toEqual(['200'])
    expect(Object.keys(answered[1]!)).toEqual(['200'])
    expect(Object.keys(answered[2]!)).toEqual(['200', '503'])
    expect(Math.max(...recovered)).toBeLessThanOrEqual(1_000)
    for (const { store } of services) expect(store.stats().failures).toHaveProperty(`ERR_SPILLWAY_STORE_${code}`)
  })

  it('a connection that is reset after the command ran counts nothing twice', async () => {
    const server = await redisServer()
    const proxy = await faultProxy(server.port)
    const { store, service } = await running(proxy.port)
    const limiter = createLimiter({ name: 'once', quotas: '9/hour', store })
    const users = Array.from({ length: 1_000 }, (_, at) => `user-${at}`)

    proxy.resetOneIn(10)
    for (let at = 0; at < users.length; at += 5) {
      const before = store.stats().decisions.store
      await Promise.all(users.slice(at, at + 5).map((user) => limiter.charge(user)))
      if (store.stats().decisions.store === before) await askUntilDecided(store, service.ask)
    }
    proxy.heal()
    await askUntilDecided(store, service.ask)

    const left = (await Promise.all(users.map((user) => limiter.peek(user)))) as Allowed[]
    const counts = left.map(({ limit, remaining }) => limit - remaining)
    const decided = left.length - counts.filter((count) => count === 0).length
    print(`${proxy.resets} replies lost of charges by ${users.length} users: ${decided} counted once, none twice`)
    expect(Math.max(...counts)).toBe(1)
    expect(decided).toBeGreaterThan(990)
    expect(proxy.resets).toBeGreaterThan(10)
  })

  it('slow replies are waited for up to the deadline, and no longer', async () => {
    const server = await redisServer()
    const proxy = await faultProxy(server.port)
    const { store, service } = await running(proxy.port, { timeout: '200ms' })

    const { local } = store.stats().decisions
    proxy.delayReplies(50)
    const slow = service.load(PER_SECOND)
    await decided(store, 50)
    const { limited: waited } = await slow.stop()
    expect(Math.min(...waited.slice(1).map(({ took }) => took))).toBeGreaterThan(45)
    expect(store.stats().decisions.local).toBe(local)

    proxy.delayReplies(500)
    const tooSlow = service.load(PER_SECOND)
    await until('the breaker is open', () => !store.stats().available)
    await passed(500)
    const { limited, free } = await tooSlow.stop()
    proxy.heal()
    const began = performance.now()
    await askUntilDecided(store, service.ask)

    const slowest = Math.max(...limited.map(({ took }) => took))
    print(
      `replies 500 ms late, a deadline of 200: slowest of ${limited.length} requests ${slowest.toFixed(0)} ms, ` +
        `recovered after ${Math.round(performance.now() - began)} ms`,
    )
    expect(statuses(limited)).toEqual({ 200: limited.length })
    expect(slowest).toBeLessThan(250 + Math.max(...free.map(({ took }) => took)))
    expect(performance.now() - began).toBeLessThan(1_500)
  })
})

describe('a key stripped of its time to live', () => {
  it.each(['sliding-window', 'fixed-window', 'token-bucket'] as const)(
    'heals when it is next charged: %s',
    async (algorithm) => {
      const server = await redisServer()
      const { store } = opened(ioredisConnection(server.port))
      const limiter = createLimiter({
        name: 'towns',
        quotas: makeQuota({ limit: 2, window: 60 * SECOND, algorithm }),
        store,
      })
      await askUntilDecided(store, () => limiter.charge('mia'))
      const [key] = (await server.cli('KEYS', '*mia*')).split('\n')
      await server.cli('PERSIST', key!)
      expect(await server.cli('PTTL', key!)).toBe('-1')

      await limiter.charge('mia')

      expect(Number(await server.cli('PTTL', key!))).toBeGreaterThan(0)
    },
  )
})

async function failing(server: RedisServer, onStoreFailure: 'local' | 'allow' | 'deny') {
  const { store } = opened(ioredisConnection(server.port), { prefix: `${onStoreFailure}:` })
  const served = await service(store, { ...RULE, onStoreFailure })
  await askUntilDecided(store, served.ask)
  return { store, service: served }
}
