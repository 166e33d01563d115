import { GlideClusterClient } from '@valkey/valkey-glide'
import { Cluster } from 'ioredis'
import { Cluster as ValkeyCluster } from 'iovalkey'
import { createCluster } from 'redis'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ClusterSetUp } from '../../../../test/support/cluster.js'
import { clusterSetUp } from '../../../../test/support/cluster.js'
import type { RedisServer } from '../../../../test/support/redis-process.js'
import { until } from '../../../../test/support/until.js'
import type { Limiter } from '../../src/limiter.js'
import { createLimiter } from '../../src/limiter.js'
import { fromGlideCluster, glideOptions } from '../../src/store/redis/clients/glide.js'
import { fromIoredisCluster, ioredisClusterOptions } from '../../src/store/redis/clients/ioredis.js'
import { fromIovalkeyCluster } from '../../src/store/redis/clients/iovalkey.js'
import { fromNodeRedisCluster, nodeRedisClusterOptions } from '../../src/store/redis/clients/node-redis.js'
import type { RedisConnection } from '../../src/store/redis/connection.js'
import type { RedisStore } from '../../src/store/redis/redis.js'
import { hashSlot } from '../../src/store/redis/slot.js'
import { atTheEnd } from './connections.js'
import { opened } from './opened.js'
import { print } from './print.js'
import { answeredWithin, works } from './works.js'

type Nodes = { host: string; port: number }[]

const CLUSTERS: Readonly<Record<string, (nodes: Nodes) => RedisConnection | Promise<RedisConnection>>> = {
  ioredis(nodes) {
    const client = new Cluster(nodes, ioredisClusterOptions)
    atTheEnd(() => client.disconnect())
    return fromIoredisCluster(client)
  },
  iovalkey(nodes) {
    const client = new ValkeyCluster(nodes, ioredisClusterOptions)
    atTheEnd(() => client.disconnect())
    return fromIovalkeyCluster(client)
  },
  'node-redis'(nodes) {
    const client = createCluster({ rootNodes: nodes.map((socket) => ({ socket })), ...nodeRedisClusterOptions })
    atTheEnd(() => client.destroy())
    client.connect().catch(() => undefined)
    return fromNodeRedisCluster(client)
  },
  async 'valkey-glide'(addresses) {
    const client = await GlideClusterClient.createClient({ addresses, ...glideOptions })
    atTheEnd(() => client.close())
    return fromGlideCluster(client)
  },
}

/** A key of each master. */
const [DYING, OTHER, HANGING] = ['{a}towns', '{b}towns', '{c}towns']
const COUNT = "return redis.call('INCR', KEYS[1])"

/** Milliseconds. It takes a client part of a second where nothing else keeps the machine busy: the figure is printed. */
const FOUND_WITHIN = 5_000

describe('clients of a Cluster', () => {
  let cluster: ClusterSetUp
  let connections: [string, RedisConnection][]

  beforeAll(async () => {
    cluster = await clusterSetUp()
    const connecting = Object.entries(CLUSTERS).map(async ([name, connect]): Promise<[string, RedisConnection]> => {
      return [name, await connect([...cluster.nodes])]
    })
    connections = await Promise.all(connecting)
  })

  it('send a script to the node of its keys', async () => {
    for (const [name, connection] of connections) {
      await until(`${name} is connected`, () => works(() => connection.script('EVAL', COUNT, ['{start}'], [])))

      for (const user of ['a', 'b', 'c', 'd', 'e']) {
        const key = `{${name}-${user}}towns`
        expect(await connection.script('EVAL', COUNT, [key], [])).toBe(1)
        expect(await (await cluster.masterOf(key)).cli('GET', key)).toBe('1')
      }
    }
  })

  it('reject what is for a master that died, serve the other slots, and find its replica', async () => {
    const dying = await cluster.masterOf(DYING)
    for (const [, connection] of connections) await connection.script('EVAL', COUNT, [DYING], [])
    const before = Number(await dying.cli('GET', DYING))

    const failedOver = cluster.failOver(dying)
    await until('the master is gone', async () => !(await works(() => dying.cli('PING'))))
    for (const [, connection] of connections) {
      expect(await works(() => connection.script('EVAL', COUNT, [DYING], []))).toBe(false)
    }
    await failedOver

    const took: string[] = []
    for (const [name, connection] of connections) {
      const began = performance.now()
      await until(
        `${name} finds the replica`,
        () => works(() => connection.script('EVAL', COUNT, [DYING], [])),
        FOUND_WITHIN,
      )
      took.push(`${name} ${Math.round(performance.now() - began)} ms`)
      await until(
        `${name} serves the others`,
        () => works(() => connection.script('EVAL', COUNT, [OTHER], [])),
        FOUND_WITHIN,
      )
    }
    print(`Cluster: a new master is found after ${took.join(', ')}`)
    const read = "return tonumber(redis.call('GET', KEYS[1]))"
    expect(await connections[0]![1].script('EVAL', read, [DYING], [])).toBe(before + connections.length)
  })
  // valkey-glide keeps its connection to such a node until the system gives it up.
  it('but valkey-glide give up a master that hangs, and find its replica', async () => {
    const hanging = await cluster.masterOf(HANGING)
    const patient = connections.filter(([name]) => name !== 'valkey-glide')

    await cluster.failOver(hanging, 'pause')

    const began = performance.now()
    const found = patient.map(async ([name, connection]) => {
      const count = () => answeredWithin(50, () => connection.script('EVAL', COUNT, [HANGING], []))
      await until(`${name} finds the replica`, count, 15_000)
      return `${name} ${Math.round(performance.now() - began)} ms`
    })
    print(`Cluster: the new master of one that hangs is found after ${(await Promise.all(found)).join(', ')}`)
    hanging.resume()
  })

  it('let a store go on for the other masters, and decide for everybody within a second of the failover', async () => {
    const dying = await cluster.masterOf(OTHER)
    const { store } = opened(connections[0]![1])
    const limiter = createLimiter({ name: 'towns', quotas: '1000000/hour', store })
    const users = Array.from({ length: 60 }, (_, at) => `user-${at}`)
    const alive: string[] = []
    for (const user of users) if (!(await isTouched(cluster, dying, user))) alive.push(user)
    await until('the store decides for everybody', () => decidesFor(store, limiter, users))

    const failedOver = cluster.failOver(dying)
    await until('a breaker is open', async () => !(await decidesFor(store, limiter, users)) && !store.stats().available)
    const others = await decidesFor(store, limiter, alive)
    const began = performance.now()
    await Promise.all(users.map((user) => limiter.charge(user)))
    const took = performance.now() - began
    await failedOver
    const failedOverAt = performance.now()
    await until('the store decides for everybody', () => decidesFor(store, limiter, users))
    const recovered = Math.round(performance.now() - failedOverAt)

    print(
      `Cluster: a master gone, ${alive.length} of ${users.length} users are not touched; a charge of each takes ` +
        `${took.toFixed(0)} ms; ${recovered} ms after the failover the store decides for all`,
    )
    expect(alive.length).toBeGreaterThan(20)
    expect(others).toBe(true)
    expect(recovered).toBeLessThanOrEqual(1_000)
  })
})

/** Whether a user's slot is of a master, or shares its circuit breaker with a slot that is. */
async function isTouched(cluster: ClusterSetUp, master: RedisServer, user: string): Promise<boolean> {
  if ((await cluster.masterOf(`{${user}}`)) === master) return true
  return [5, 10].includes(Math.floor(hashSlot(`{${user}}`) / 1_024))
}

/** Charges each user once, and tells whether the store decided on all of them. */
async function decidesFor(store: RedisStore, limiter: Limiter, users: readonly string[]): Promise<boolean> {
  const { store: before } = store.stats().decisions
  await Promise.all(users.map((user) => limiter.charge(user)))
  return store.stats().decisions.store === before + users.length
}
