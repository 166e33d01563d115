import { Redis } from 'ioredis'
import { Redis as Valkey } from 'iovalkey'
import { createSentinel } from 'redis'
import { describe, expect, it } from 'vitest'
import { redisServer } from '../../../../test/support/redis-server.js'
import type { SentinelSetUp } from '../../../../test/support/sentinel.js'
import { sentinelSetUp } from '../../../../test/support/sentinel.js'
import { until } from '../../../../test/support/until.js'
import { fromIoredis, ioredisOptions } from '../../src/store/redis/clients/ioredis.js'
import { fromIovalkey } from '../../src/store/redis/clients/iovalkey.js'
import { fromNodeRedisSentinel, nodeRedisOptions } from '../../src/store/redis/clients/node-redis.js'
import type { RedisConnection } from '../../src/store/redis/connection.js'
import { atTheEnd } from './connections.js'
import { faultProxy } from './fault-proxy.js'
import { opened } from './opened.js'
import { print } from './print.js'
import { service, statuses } from './service.js'
import { decided, untilDecided } from './store-waits.js'
import { works } from './works.js'

type Sentinels = Pick<SentinelSetUp, 'sentinels' | 'name'>

const COUNT = "return redis.call('INCR', KEYS[1])"

const CLIENTS: Readonly<Record<string, (of: Sentinels) => RedisConnection>> = {
  ioredis({ sentinels, name }) {
    const client = new Redis({ ...ioredisOptions, sentinels: [...sentinels], name })
    atTheEnd(() => client.disconnect())
    return fromIoredis(client)
  },
  iovalkey({ sentinels, name }) {
    const client = new Valkey({ ...ioredisOptions, sentinels: [...sentinels], name })
    atTheEnd(() => client.disconnect())
    return fromIovalkey(client)
  },
  'node-redis': nodeRedis,
}

function nodeRedis({ sentinels, name }: Sentinels): RedisConnection {
  const client = createSentinel({ name, sentinelRootNodes: [...sentinels], nodeClientOptions: nodeRedisOptions })
  atTheEnd(() => client.destroy())
  client.connect().catch(() => undefined)
  return fromNodeRedisSentinel(client)
}

describe('clients that ask Sentinels', () => {
  it('write to the master, and after a failover to the new one, while every request is answered', async () => {
    const setUp = await sentinelSetUp()
    const connections = Object.entries(CLIENTS).map(([name, connect]) => [name, connect(setUp)] as const)
    const { store } = opened(CLIENTS.ioredis!(setUp))
    const { load } = await service(store, { quotas: '1000000/hour' })
    const running = load(50)
    await decided(store, 10)
    for (const [name, connection] of connections) {
      await until(`${name} is connected`, () => works(() => connection.script('EVAL', COUNT, [name], [])))
      expect(await setUp.master.cli('GET', name)).toBe('1')
    }

    await setUp.failOver()
    const recovered = await untilDecided(store)
    const { limited } = await running.stop()

    const slowest = Math.max(...limited.map(({ took }) => took))
    print(
      `Sentinel: slowest of ${limited.length} requests ${slowest.toFixed(0)} ms, ${recovered} ms after the failover the store decides`,
    )
    expect(statuses(limited)).toEqual({ 200: limited.length })
    expect(recovered).toBeLessThanOrEqual(2_000)
    const took: string[] = []
    for (const [name, connection] of connections) {
      const began = performance.now()
      await until(`${name} has found it`, () => works(() => connection.script('EVAL', COUNT, [name], [])), 5_000)
      took.push(`${name} ${Math.round(performance.now() - began)} ms`)
      expect(await setUp.replica.cli('GET', name)).toBe('2')
    }
    print(`Sentinel: the new master is found after ${took.join(', ')}`)
  })

  it('do not send a script again whose reply was lost: node-redis would', async () => {
    const server = await redisServer()
    const proxy = await faultProxy(server.port)
    const watched = [`sentinel monitor main 127.0.0.1 ${proxy.port} 1`]
    const sentinel = await redisServer({ sentinel: true, config: watched })
    const connection = nodeRedis({ name: 'main', sentinels: [{ host: '127.0.0.1', port: sentinel.port }] })
    await until('it is connected', () => works(() => connection.script('EVAL', COUNT, ['warm'], [])))
    proxy.resetOneIn(4)

    let rejected = 0
    for (let sent = 0; sent < 20; sent++) {
      if (!(await works(() => connection.script('EVAL', COUNT, ['count'], [])))) rejected++
    }

    expect({ count: await server.cli('GET', 'count'), rejected }).toEqual({ count: '20', rejected: proxy.resets })
    expect(rejected).toBe(5)
  })
})
