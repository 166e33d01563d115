import type { ConnectionOptions } from 'node:tls'
import type { Micros, RedisConfig } from 'spillway'
import { redisStore } from 'spillway/redis'
import { histogram } from '../histogram.js'
import type { TlsWatch } from '../tls-watch.js'
import type { OpenStore, StoreSurroundings } from './opened-store.js'
import { redisClient } from './redis-client.js'
import { storeLog } from './store-log.js'

/** Opens a store in Redis or Valkey, and waits for no server. Throws where a file of its `tls` cannot be used. */
export function openRedis(config: RedisConfig, surroundings: StoreSurroundings): OpenStore {
  const { clock, logClock, log, tls, heartbeat } = surroundings
  const { prefix, timeout, replicas } = config
  const lines = storeLog(log, logClock)
  const callTime = histogram(
    'spillway_store_call_seconds',
    'Time until the store answers a call.',
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
  )
  let closing = false
  const client = redisClient(config, tlsOf(config, tls), (error) => {
    // Nobody mends, or tries again, what ends.
    if (!closing) lines.clientFault(error)
  })
  const store = redisStore(client.connection, {
    ...(prefix !== undefined && { prefix }),
    ...(timeout !== undefined && { timeout }),
    ...(replicas !== undefined && { replicas }),
    ...(clock && { clock }),
    ...(heartbeat === false && { heartbeat }),
    onEvent: lines.event,
    onCall: (took: Micros) => callTime.observe(took / 1_000_000),
  })
  return {
    store,
    figures: { kind: 'redis', stats: store.stats, callTime },
    ready: client.ready,
    close: async () => {
      closing = true
      await store.close()
      await client.close()
    },
  }
}

/** The same object for as long as the client lives: changed files are put into it, and count from the next connection on. */
function tlsOf({ tls: given }: RedisConfig, watch: TlsWatch): ConnectionOptions | undefined {
  if (given === undefined) return undefined
  const { serverName, ...files } = given
  const options: ConnectionOptions = { ...(serverName !== undefined && { servername: serverName }) }
  return Object.assign(
    options,
    watch.read('store.redis.tls', files, (material) => Object.assign(options, material)),
  )
}
