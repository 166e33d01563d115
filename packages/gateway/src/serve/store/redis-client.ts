import type { ConnectionOptions } from 'node:tls'
import type { RedisOptions } from 'ioredis'
import { Cluster, Redis } from 'ioredis'
import type { RedisConfig, ServerAddress } from 'spillway'
import type { RedisConnection } from 'spillway/redis'
import { fromIoredis, fromIoredisCluster, ioredisClusterOptions, ioredisOptions } from 'spillway/redis'

/** A client of the store's servers: it connects, and connects again, by itself. */
export interface RedisClient {
  readonly connection: RedisConnection
  /** Resolves once a server takes commands: not before the first does. */
  ready(): Promise<void>
  /** Waits half a second at most for what was sent, then ends. */
  close(): Promise<void>
}

/** What is asked of a client; replies keep the form that ioredis gives them unless told otherwise. */
type ClientOptions = Omit<RedisOptions, 'replyMapping'>

/** Milliseconds that a server has to say goodbye. */
const GOODBYE = 500

/**
 * Begins to connect and waits for nothing. `onFault` gets every fault of a connection; the client tries again. What is
 * in `tls` counts from the next connection on: it may be changed in place.
 */
export function redisClient(
  config: RedisConfig,
  tls: ConnectionOptions | undefined,
  onFault: (error: unknown) => void,
): RedisClient {
  const { servers, username, password, database } = config
  const options = {
    ...ioredisOptions,
    ...defined({ username, password, tls }),
    connectionName: 'spillway',
  }
  switch (servers.kind) {
    case 'single':
      return oneServer({ ...options, ...servers.address, db: database }, onFault)
    case 'sentinel':
      return oneServer({ ...options, ...throughSentinels(servers, tls), db: database }, onFault)
    case 'cluster':
      return cluster(servers.nodes, options, onFault)
  }
}

function oneServer(options: ClientOptions, onFault: (error: unknown) => void): RedisClient {
  const client = new Redis(options)
  client.on('error', onFault)
  return { connection: fromIoredis(client), ready: () => readyOf(client), close: () => closed(client) }
}

function throughSentinels(
  { name, nodes, username, password }: RedisConfig['servers'] & { readonly kind: 'sentinel' },
  tls: ConnectionOptions | undefined,
): ClientOptions {
  return {
    name,
    sentinels: [...nodes],
    ...defined({ sentinelUsername: username, sentinelPassword: password }),
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
  }
}

function cluster(
  nodes: readonly ServerAddress[],
  redisOptions: ClientOptions,
  onFault: (error: unknown) => void,
): RedisClient {
  const client = new Cluster([...nodes], {
    ...ioredisClusterOptions,
    redisOptions,
    // A certificate names hosts: an address that is looked up here would not be in it.
    ...(redisOptions.tls && { dnsLookup: (host, done) => done(null, host) }),
  })
  client.on('error', onFault)
  return { connection: fromIoredisCluster(client), ready: () => readyOf(client), close: () => closed(client) }
}

function readyOf(client: Redis | Cluster): Promise<void> {
  return new Promise((resolve) => {
    if (client.status === 'ready') resolve()
    else client.once('ready', resolve)
  })
}

async function closed(client: Redis | Cluster): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const longEnough = new Promise((resolve) => {
    timer = setTimeout(resolve, GOODBYE)
  })
  await Promise.race([client.quit().catch(() => undefined), longEnough])
  clearTimeout(timer)
  client.disconnect()
}

/** Without the keys whose value is absent. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
