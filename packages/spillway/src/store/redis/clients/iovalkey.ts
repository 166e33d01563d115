import type { RedisConnection } from '../connection.js'
import type { IoredisClient, IoredisClusterClient } from './ioredis.js'
import { fromIoredis, fromIoredisCluster } from './ioredis.js'

/** The connection of a client of iovalkey, which takes `ioredisOptions` and is held to the same as `fromIoredis`. */
export function fromIovalkey(client: IoredisClient): RedisConnection {
  return fromIoredis(client)
}

/** The connection of a Cluster client of iovalkey, which takes `ioredisClusterOptions`. */
export function fromIovalkeyCluster(client: IoredisClusterClient): RedisConnection {
  return fromIoredisCluster(client)
}
