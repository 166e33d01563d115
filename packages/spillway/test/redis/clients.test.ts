import { Cluster, Redis } from 'ioredis'
import { createClient, createCluster, createSentinel, RESP_TYPES } from 'redis'
import { describe, expect, it } from 'vitest'
import { redisServer } from '../../../../test/support/redis-server.js'
import { until } from '../../../../test/support/until.js'
import {
  fromIoredis,
  fromIoredisCluster,
  ioredisClusterOptions,
  ioredisOptions,
} from '../../src/store/redis/clients/ioredis.js'
import {
  fromNodeRedis,
  fromNodeRedisCluster,
  fromNodeRedisSentinel,
  nodeRedisClusterOptions,
  nodeRedisOptions,
} from '../../src/store/redis/clients/node-redis.js'
import { atTheEnd, CONNECTIONS } from './connections.js'
import { faultProxy } from './fault-proxy.js'
import { answeredWithin, works } from './works.js'

const NUMBERS = 'return { 1, -1, 9007199254740900, KEYS[1], ARGV[1] }'
const COUNT = "return redis.call('INCR', KEYS[1])"

describe.each(Object.entries(CONNECTIONS))('a connection of %s', (_name, connect) => {
  it('runs a script with its keys and arguments, and gives numbers as numbers', async () => {
    const connection = await connect((await redisServer()).port)

    await until('it is connected', () => works(() => connection.script('EVAL', NUMBERS, ['k'], ['a'])))

    expect(await connection.script('EVAL', NUMBERS, ['k'], ['a'])).toEqual([1, -1, 9_007_199_254_740_900, 'k', 'a'])
    expect(await connection.command?.('INFO', 'memory')).toContain('maxmemory_policy')
  })

  it.each([
    ['NOSCRIPT', 'EVALSHA', 'a'.repeat(40)],
    ['OOM', 'EVAL', "return redis.error_reply('OOM no more')"],
    ['READONLY', 'EVAL', "return redis.error_reply('READONLY you cannot write')"],
    ['LOADING', 'EVAL', "return redis.error_reply('LOADING the dataset')"],
    ['ERR', 'EVAL', "return redis.error_reply('ERR other')"],
  ] as const)('rejects with the code of the server: %s', async (code, command, script) => {
    const connection = await connect((await redisServer()).port)
    await until('it is connected', () => works(() => connection.script('EVAL', NUMBERS, ['k'], ['a'])))

    await expect(connection.script(command, script, ['k'], [])).rejects.toThrow(new RegExp(`^${code} `))
  })

  it('rejects a script whose reply was lost, and does not send it again', async () => {
    const server = await redisServer()
    const proxy = await faultProxy(server.port)
    const connection = await connect(proxy.port)
    await until('it is connected', () => works(() => connection.script('EVAL', NUMBERS, ['k'], ['a'])))
    proxy.resetOneIn(5)

    let rejected = 0
    for (let sent = 0; sent < 40; sent++) {
      const before = Number(await server.cli('GET', 'count'))
      if (await works(() => connection.script('EVAL', COUNT, ['count'], []))) continue
      // What was not sent at all is put again: only what ran and was lost is to be looked at.
      if (Number(await server.cli('GET', 'count')) === before) sent--
      else rejected++
    }

    expect({ count: await server.cli('GET', 'count'), rejected }).toEqual({ count: '40', rejected: proxy.resets })
    expect(proxy.resets).toBe(8)
  })

  it('rejects at once while the server is gone, and is connected again within a second of its being back', async () => {
    const server = await redisServer()
    const connection = await connect(server.port)
    const count = () => works(() => connection.script('EVAL', COUNT, ['count'], []))
    await until('it is connected', count)

    await server.kill()
    const killed = performance.now()
    expect(await count()).toBe(false)
    expect(performance.now() - killed).toBeLessThan(600)
    await server.restart()
    await until('it is connected again', count, 1_000)
  })

  it('can be told to connect anew', async () => {
    const server = await redisServer()
    const connection = await connect(server.port)
    const count = () => works(() => connection.script('EVAL', COUNT, ['count'], []))
    await until('it is connected', count)
    if (connection.reconnect === undefined) return
    const before = await connection.command?.('CLIENT', 'ID')

    connection.reconnect()

    await until('it is connected again', count, 1_000)
    expect(await connection.command?.('CLIENT', 'ID')).not.toBe(before)
  })
})

// valkey-glide has no such limit: there the system's holds, which is minutes.
describe.each(['ioredis', 'iovalkey', 'node-redis'])('a connection of %s that has fallen silent', (name) => {
  it('is given up for another after a second', async () => {
    const server = await redisServer()
    const proxy = await faultProxy(server.port)
    const connection = await CONNECTIONS[name]!(proxy.port)
    const count = () => answeredWithin(200, () => connection.script('EVAL', COUNT, ['count'], []))
    await until('it is connected', count)

    proxy.silence()
    expect(await count()).toBe(false)
    proxy.heal()

    await until('another connection answers', count, 2_500)
  })
})

describe('numbers', () => {
  it('come as numbers from a client of ioredis that gives them as text, and from one that speaks RESP2', async () => {
    const { port } = await redisServer()
    for (const options of [{ stringNumbers: true }, { protocol: 2 as const }]) {
      const client = new Redis(port, '127.0.0.1', { ...ioredisOptions, ...options })
      atTheEnd(() => client.disconnect())
      const connection = fromIoredis(client)
      await until('it is connected', () => client.status === 'ready')

      expect(await connection.script('EVAL', 'return { 7, { -1 }, "OOM 7" }', [], [])).toEqual([7, [-1], 'OOM 7'])
    }
  })

  it('come as numbers from a client of node-redis that gives them as text, and from one that speaks RESP2', async () => {
    const { url } = await redisServer()
    const clients = [
      createClient({ url, commandOptions: { typeMapping: { [RESP_TYPES.NUMBER]: String } } }),
      createClient({ url, RESP: 2 }),
    ]
    for (const client of clients) {
      atTheEnd(() => client.destroy())
      await client.connect()

      expect(await fromNodeRedis(client).script('EVAL', 'return { 7, { -1 } }', [], [])).toEqual([7, [-1]])
    }
  })
})

describe('a client that could send a command twice', () => {
  it.each([
    ['ioredis as it comes', {}],
    ['ioredis with some retries', { maxRetriesPerRequest: 3 }],
  ])('is refused: %s', (_name, options) => {
    const client = new Redis({ lazyConnect: true, ...options })

    expect(() => fromIoredis(client)).toThrow(/^fromIoredis: .* twice.*`ioredisOptions`/)
    expect(() => fromIoredis(client.duplicate(ioredisOptions))).not.toThrow()
  })

  it.each([
    ['as it comes', {}],
    [
      'with nodes that connect anew',
      { ...ioredisClusterOptions, clusterNodeRetryStrategy: () => 50, redisOptions: {} },
    ],
  ])('is refused: a Cluster of ioredis %s', (_name, options) => {
    const client = new Cluster([], { lazyConnect: true, ...options })

    expect(() => fromIoredisCluster(client)).toThrow(/^fromIoredisCluster: .* twice.*`ioredisClusterOptions`/)
  })
})

describe('a client that could wait for a lost reply for ever', () => {
  it('is refused, with what mends it', () => {
    const options = { lazyConnect: true, enableAutoPipelining: true, autoResendUnfulfilledCommands: false }
    const client = new Redis(options)
    const cluster = new Cluster([], {
      ...ioredisClusterOptions,
      lazyConnect: true,
      enableAutoPipelining: true,
      clusterNodeRetryStrategy: () => 50,
      redisOptions: { autoResendUnfulfilledCommands: false },
    })

    expect(() => fromIoredis(client)).toThrow(/^fromIoredis: .* enableAutoPipelining .*`ioredisOptions`/)
    expect(() => fromIoredis(client.duplicate({ maxRetriesPerRequest: 0 }))).not.toThrow()
    expect(() => fromIoredisCluster(cluster)).toThrow(/^fromIoredisCluster: .* enableAutoPipelining /)
  })
})

describe('the type of each factory', () => {
  it('takes the client of its name and no other', () => {
    const [url, name] = ['redis://127.0.0.1', 'main']
    const mistaken = [
      // @ts-expect-error a Cluster sends a command by a key
      () => fromNodeRedis(createCluster({ rootNodes: [{ url }] })),
      // @ts-expect-error so does one that asks Sentinels, by whether it only reads
      () => fromNodeRedis(createSentinel({ name, sentinelRootNodes: [] })),
      // @ts-expect-error
      () => fromNodeRedisCluster(createClient({ url })),
      // @ts-expect-error
      () => fromNodeRedisSentinel(createClient({ url })),
      // @ts-expect-error a Cluster cannot be told to connect anew
      () => fromIoredis(new Cluster([])),
      // @ts-expect-error
      () => fromGlide(createClient({ url })),
    ]
    const right = [
      () => fromNodeRedisCluster(createCluster({ rootNodes: [{ url }], ...nodeRedisClusterOptions })),
      () => fromNodeRedisSentinel(createSentinel({ name, sentinelRootNodes: [], nodeClientOptions: nodeRedisOptions })),
      () => fromIoredisCluster(new Cluster([], ioredisClusterOptions)),
    ]

    // The compiler has judged them: none is called, or it would connect.
    expect([...mistaken, ...right]).toHaveLength(9)
  })
})
