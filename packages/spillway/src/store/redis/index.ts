/** The public entry `spillway/redis`: a store in Redis or Valkey, and the connections of the clients that it works with. */
export type { DecisionSources, StoreEvent } from '../calls.js'
export { eventLine } from '../event-line.js'
export type { GlideLikeClient } from './clients/glide.js'
export { fromGlide, fromGlideCluster, glideOptions } from './clients/glide.js'
export type { IoredisClient, IoredisClusterClient } from './clients/ioredis.js'
export { fromIoredis, fromIoredisCluster, ioredisClusterOptions, ioredisOptions } from './clients/ioredis.js'
export { fromIovalkey, fromIovalkeyCluster } from './clients/iovalkey.js'
export type { NodeRedisClient, NodeRedisClusterClient, NodeRedisSentinelClient } from './clients/node-redis.js'
export {
  fromNodeRedis,
  fromNodeRedisCluster,
  fromNodeRedisSentinel,
  nodeRedisClusterOptions,
  nodeRedisOptions,
} from './clients/node-redis.js'
export type { RedisConnection } from './connection.js'
export type { RedisStats, RedisStore, RedisStoreOptions } from './redis.js'
export { redisStore } from './redis.js'
