import { Cluster } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ClusterSetUp } from '../../../../test/support/cluster.js'
import { clusterSetUp } from '../../../../test/support/cluster.js'
import { endServers, startRedis } from '../../../../test/support/redis-process.js'
import { redisServer } from '../../../../test/support/redis-server.js'
import { until } from '../../../../test/support/until.js'
import type { Allowed } from '../../src/core/decision.js'
import { quotas } from '../../src/core/quota-parser.js'
import type { Limiter } from '../../src/limiter.js'
import { createLimiter } from '../../src/limiter.js'
import { fromIoredisCluster, ioredisClusterOptions } from '../../src/store/redis/clients/ioredis.js'
import type { RedisConnection } from '../../src/store/redis/connection.js'
import type { RedisStore, RedisStoreOptions } from '../../src/store/redis/redis.js'
import { redisStore } from '../../src/store/redis/redis.js'
import { HASH_SLOTS, hashSlot } from '../../src/store/redis/slot.js'
import { algorithmSuite } from '../../src/testing/algorithm-suite.js'
import type { FakeClock } from '../../src/testing/fake-clock.js'
import { fakeClock } from '../../src/testing/fake-clock.js'
import { chargeOf, ruleOf } from '../../src/testing/program.js'
import { storeSuite } from '../../src/testing/store-suite.js'
import { atTheEnd, CONNECTIONS, ioredisConnection } from './connections.js'
import { opened } from './opened.js'
import { works } from './works.js'

/** A fresh store for each example, on the keys of its own. */
function stores(
  connect: () => Promise<RedisConnection>,
  options: RedisStoreOptions = {},
): (clock: FakeClock) => RedisStore {
  let connection: RedisConnection
  const open: RedisStore[] = []
  let made = 0
  const make = (clock?: FakeClock) => {
    const store = redisStore(connection, {
      prefix: `test-${made++}:`,
      // A machine that is busy with other tests may be slow: that is not what these are about.
      timeout: '5s',
      ...(clock && { clock }),
      ...options,
    })
    open.push(store)
    return store
  }
  beforeAll(async () => {
    connection = await connect()
    const store = make()
    await until('the store answers', () => store.stats().available && works(async () => reset(store)))
  })
  afterEach(() => Promise.all(open.splice(0).map((store) => store.close())))
  return make
}

async function reset(store: RedisStore): Promise<void> {
  await store.reset({ name: 'nobody', counters: [] }, 'nobody')
}

async function oneServer(): Promise<RedisConnection> {
  return ioredisConnection((await startRedis()).port)
}

let cluster: ClusterSetUp

async function wholeCluster(): Promise<RedisConnection> {
  cluster = await clusterSetUp()
  return clusterConnection()
}

function clusterConnection(): RedisConnection {
  const client = new Cluster([...cluster.nodes], ioredisClusterOptions)
  atTheEnd(() => client.disconnect())
  return fromIoredisCluster(client)
}

afterAll(endServers)

describe('on one server', () => {
  // A charge that the deny cache answers tells the server nothing of the time: that, the plain store would see.
  storeSuite('redisStore', stores(oneServer, { denyCache: false }), { programs: 40 })
  algorithmSuite('redisStore', stores(oneServer))
})

describe('on a Cluster', () => {
  const make = stores(wholeCluster)
  algorithmSuite('redisStore', make)

  const own = ruleOf('client', quotas('100/hour'))
  const shared = ruleOf('whole', quotas('30/hour'))
  const users = Array.from({ length: 40 }, (_, n) => `user:${n}`)
  const both = (user: string) => [chargeOf(shared, 'everyone'), chargeOf(own, user)]

  it('charges a request that lies in two slots in both, or, once given back, in none', async () => {
    const store = make(fakeClock())
    for (let n = 0; n < 30; n++) await store.decide(both('user:0'))
    expect(await store.decide(both('user:1'))).toMatchObject([
      { kind: 'denied', remaining: 0 },
      { kind: 'allowed', taken: 0, remaining: 100 },
    ])
    expect(await store.peek(both('user:0'))).toMatchObject([{ remaining: 0 }, { remaining: 70 }])
  })

  it('admits no more than the limit of what all share, and takes nothing for those whom it refuses', async () => {
    const store = make(fakeClock())
    const charged = users.flatMap((user) => [user, user])
    const answers = await Promise.all(charged.map((user) => store.decide(both(user))))
    const admitted = answers.filter((decisions) => decisions.every(({ kind }) => kind === 'allowed')).length
    expect(admitted).toBe(30)

    const left = await Promise.all(users.map(async (user) => (await store.peek([chargeOf(own, user)]))[0] as Allowed))
    expect(left.reduce((sum, { remaining }) => sum + (100 - remaining), 0)).toBe(30)
  })

  it('lets nobody wait for a master that hangs but those whose counts it has', async () => {
    const { store } = opened(clusterConnection())
    const limiter = createLimiter({ quotas: '1000/hour', store })
    const decided = async () => {
      const before = store.stats().decisions.store
      await Promise.all(users.map((user) => limiter.charge(user)))
      return store.stats().decisions.store === before + users.length
    }
    await until('the Cluster decides for everybody', decided)

    cluster.masters[0]?.pause()
    const answered: string[] = []
    const asking = users.map(async (user) => {
      await limiter.charge(user)
      answered.push(hashSlot(user) < HASH_SLOTS / 3 ? 'waited' : 'at once')
    })
    await Promise.all(asking)
    cluster.masters[0]?.resume()

    expect(new Set(answered)).toEqual(new Set(['at once', 'waited']))
    expect(answered.lastIndexOf('at once')).toBeLessThan(answered.indexOf('waited'))
    await until('the Cluster decides for everybody again', decided)
  })
})

describe('redisStore', () => {
  it('tells where decisions came from, and that it is available', async () => {
    const { store, events } = opened(ioredisConnection((await redisServer()).port))
    const limiter = createLimiter({ quotas: '2/hour', store })
    await decides(store, limiter)
    await Promise.all([limiter.charge('bob'), limiter.charge('bob'), limiter.charge('bob')])
    const before = store.stats().decisions
    expect(await limiter.charge('bob')).toMatchObject({ kind: 'denied', remaining: 0 })
    expect(store.stats()).toMatchObject({ available: true, local: false, replicas: 1 })
    expect(store.stats().decisions).toEqual({ ...before, denyCache: before.denyCache + 1 })
    expect(events).not.toContain('unavailable')
  })

  it('counts the processes that share it', async () => {
    const server = await redisServer()
    const { store } = opened(ioredisConnection(server.port))
    const other = opened(ioredisConnection(server.port)).store
    const elsewhere = opened(ioredisConnection(server.port), { prefix: 'elsewhere:' }).store
    await until('both know of each other', () => [store, other].every((each) => each.stats().replicas === 2))
    expect(elsewhere.stats().replicas).toBe(1)
    expect(opened(ioredisConnection(server.port), { replicas: 7, prefix: 'third:' }).store.stats().replicas).toBe(7)
    await other.close()
    await until('the one that ended is missed', () => store.stats().replicas === 1)
  })

  it('warns once of a server that may evict counts', async () => {
    const server = await redisServer({ config: ['maxmemory 100mb', 'maxmemory-policy allkeys-lru'] })
    const warned = opened(ioredisConnection(server.port))
    await until('it has warned', () => warned.events.length > 0)
    const beats = () => server.cli('ZRANGE', 'spillway:*replicas', '0', '-1', 'WITHSCORES')
    const first = await beats()
    await until('it has beaten again', async () => (await beats()) !== first)
    expect(warned.events).toEqual(['warning'])
  })

  it('fails alone with a key that is somebody else’s, and says so', async () => {
    const server = await redisServer()
    const { store, events } = opened(ioredisConnection(server.port))
    const limiter = createLimiter({ name: 'towns', quotas: '2/hour', store })
    await decides(store, limiter)
    await server.cli('LPUSH', 'spillway:{mallory}towns', 'x')
    const [reset, charge] = await Promise.allSettled([limiter.reset('mallory'), limiter.charge('bob')])
    expect(reset).toMatchObject({ reason: { name: 'StoreError', code: 'ERR_SPILLWAY_STORE_WRONGTYPE' } })
    expect(charge).toMatchObject({ value: { kind: 'allowed' } })
    expect(store.stats()).toMatchObject({ available: true, failures: { ERR_SPILLWAY_STORE_WRONGTYPE: 1 } })
    expect(events).not.toContain('unavailable')
  })

  it('does without a server, tells of it once, and asks no more once it is closed', async () => {
    const server = await redisServer()
    await server.stop()
    const { store, events } = opened(ioredisConnection(server.port))
    const limiter = createLimiter({ quotas: '2/hour', store })
    const kinds: string[] = []
    for (let n = 0; n < 20; n++) kinds.push((await limiter.charge('alice')).kind)
    expect(kinds).toEqual(['allowed', 'allowed', ...Array.from({ length: 18 }, () => 'denied')])
    expect(store.stats()).toMatchObject({ available: false, local: true, decisions: { store: 0, local: 20 } })
    expect([...events].sort()).toEqual(['local', 'unavailable'])
    await store.close()
    const { failures } = store.stats()
    await limiter.charge('alice')
    expect(store.stats().failures).toEqual(failures)
  })

  it.each(['ioredis', 'iovalkey', 'node-redis'])('tells why it has no connection, by %s', async (client) => {
    const server = await redisServer({ config: ['requirepass secret'] })
    const { store } = opened(await CONNECTIONS[client]!(server.port))
    const limiter = createLimiter({ quotas: '2/hour', store })
    const fault = () => Promise.resolve(limiter.reset('alice')).then(String, String)
    await until('it was told that it needs a password', async () => /the store answered: NOAUTH/.test(await fault()))
    await server.kill()
    await until('it was told that nobody is there', async () => /ECONNREFUSED/.test(await fault()))
    await store.close()
  })

  it('refuses settings that make no sense', () => {
    const connection = { script: () => Promise.reject(new Error('not asked')), cluster: false }
    expect(() => redisStore(connection, { prefix: '{app}' })).toThrow(RangeError)
    expect(() => redisStore(connection, { timeout: '1 hour' })).toThrow(RangeError)
    expect(() => redisStore(connection, { replicas: 0 })).toThrow(RangeError)
    const misspelt = { timeOut: '20ms' } as RedisStoreOptions
    expect(() => redisStore(connection, misspelt)).toThrow(/no option "timeOut"/)
  })
})

/** Waits until the server, and not this process alone, decides: before it is connected, nothing else can. */
function decides(store: RedisStore, limiter: Limiter): Promise<void> {
  return until('the server decides', async () => {
    await limiter.charge('someone')
    return store.stats().decisions.store > 0 && !store.stats().local
  })
}
