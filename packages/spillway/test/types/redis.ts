/**
 * What must and what must not compile: stores in Redis, by the types of each real client. Read by `npm run types`,
 * never run.
 */
import type { GlideClient, GlideClusterClient } from '@valkey/valkey-glide'
import { Cluster, Redis } from 'ioredis'
import { Redis as Valkey, Cluster as ValkeyCluster } from 'iovalkey'
import { createClient, createCluster, createSentinel } from 'redis'
import type { Store } from 'spillway'
import type { RedisConnection, RedisStats, StoreEvent } from 'spillway/redis'
import {
  eventLine,
  fromGlide,
  fromGlideCluster,
  fromIoredis,
  fromIoredisCluster,
  fromIovalkey,
  fromIovalkeyCluster,
  fromNodeRedis,
  fromNodeRedisCluster,
  fromNodeRedisSentinel,
  glideOptions,
  ioredisClusterOptions,
  ioredisOptions,
  nodeRedisClusterOptions,
  nodeRedisOptions,
  redisStore,
} from 'spillway/redis'

declare const glide: GlideClient
declare const glideCluster: GlideClusterClient
declare const event: StoreEvent
const url = 'redis://127.0.0.1:6379'
const redis = new Redis(url, ioredisOptions)
const nodeRedis = createClient({ url, ...nodeRedisOptions })
const nodeRedisCluster = createCluster({ rootNodes: [{ url }], ...nodeRedisClusterOptions })

export const connections: RedisConnection[] = [
  fromIoredis(redis),
  fromIoredisCluster(new Cluster([url], ioredisClusterOptions)),
  fromIovalkey(new Valkey(url)),
  fromIovalkeyCluster(new ValkeyCluster([url])),
  fromNodeRedis(nodeRedis),
  fromNodeRedisCluster(nodeRedisCluster),
  fromNodeRedisSentinel(
    createSentinel({
      name: 'main',
      sentinelRootNodes: [{ host: '127.0.0.1', port: 26_379 }],
      nodeClientOptions: nodeRedisOptions,
    }),
  ),
  fromGlide(glide),
  fromGlideCluster(glideCluster),
]
const store = redisStore(fromIoredis(redis), { prefix: 'shop', timeout: '50ms', onEvent: (of) => eventLine(of) })
export const asStore: Store = store
export const stats: RedisStats = store.stats()
export const line: string = eventLine(event)
export const waits: number = glideOptions.requestTimeout

// @ts-expect-error a client is no connection: how it sends commands must be said
redisStore(redis)
// @ts-expect-error a span has a unit
redisStore(fromIoredis(redis), { timeout: true })
// @ts-expect-error the option is timeout
redisStore(fromIoredis(redis), { deadline: '50ms' })
// @ts-expect-error a client of node-redis sends otherwise
fromIoredis(nodeRedis)
// @ts-expect-error and one of ioredis otherwise again
fromNodeRedis(redis)
// @ts-expect-error a client of a Cluster is told the slot
fromNodeRedis(nodeRedisCluster)
// @ts-expect-error which one of a single server is not
fromNodeRedisCluster(nodeRedis)
// @ts-expect-error glide has one command for all
fromGlide(redis)
