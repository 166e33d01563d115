import type { RedisConnection } from '../connection.js'
import { expectClient } from './expect-client.js'
import { lastErrorOf } from './last-error.js'
import { withNumbers } from './numbers.js'

/** What is used of a client of ioredis or iovalkey: for one server, or for the master that Sentinels name. */
export interface IoredisClient {
  readonly options: SendingOptions & { readonly stringNumbers?: boolean | undefined }
  /** Only a Cluster client has some. */
  readonly nodes?: never
  readonly status: string
  call(command: string, args: string[]): Promise<unknown>
  disconnect(reconnect?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** What is used of a Cluster client of ioredis or iovalkey. */
export interface IoredisClusterClient {
  readonly options: {
    readonly enableAutoPipelining?: boolean | undefined
    readonly retryDelayOnFailover?: number | undefined
    readonly clusterNodeRetryStrategy?: unknown
    readonly redisOptions?: (SendingOptions & { readonly stringNumbers?: boolean | undefined }) | undefined
  }
  call(command: string, args: string[]): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** The options on which it depends whether a command is sent a second time, or may wait for ever. */
interface SendingOptions {
  readonly enableAutoPipelining?: boolean | undefined
  readonly autoResendUnfulfilledCommands?: boolean | undefined
  readonly maxRetriesPerRequest?: number | null | undefined
}

/**
 * Options under which a client of ioredis or iovalkey sends a command once or not at all, lets none wait, and is
 * connected again within a quarter of a second of the server's being back: `new Redis(url, ioredisOptions)`.
 *
 * Not sent twice: every loss of the connection rejects what waits for a reply (`maxRetriesPerRequest: 0`), and nothing
 * is sent anew (`autoResendUnfulfilledCommands`). Not kept: while there is no connection, a command is rejected
 * (`enableOfflineQueue`). Not for ever: a connection on which no reply comes for a second is given up
 * (`socketTimeout`).
 */
export const ioredisOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  enableAutoPipelining: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 500,
  socketTimeout: 1_000,
  maxLoadingRetryTime: 250,
  retryStrategy: backOff,
  sentinelRetryStrategy: backOff,
}

/**
 * The like for a client of a Cluster: `new Cluster(nodes, ioredisClusterOptions)`. A command whose connection was lost
 * is not sent again (`retryDelayOnFailover: 0`); a redirection is followed, since the first node did not run it.
 */
export const ioredisClusterOptions = {
  enableOfflineQueue: false,
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
  slotsRefreshTimeout: 500,
  clusterRetryStrategy: backOff,
  redisOptions: ioredisOptions,
}

/** Milliseconds until the next attempt: 50 more after each, 250 at most. */
function backOff(attempts: number): number {
  return Math.min(50 * attempts, 250)
}

/**
 * The connection of a client of ioredis (`new Redis(url, ioredisOptions)`), with Sentinels too. Its errors are not
 * printed any more: the store tells of them.
 *
 * Throws a `TypeError` where the client could send a command twice: after a lost reply it would count twice, and nothing
 * here could prevent it. ioredis does so unless told otherwise; `client.duplicate(ioredisOptions)` makes of a client
 * that an application has one that does not. So does one that could send nothing any more after a lost reply.
 */
export function fromIoredis(client: IoredisClient): RedisConnection {
  const what = 'a client of ioredis or iovalkey, such as new Redis(url, ioredisOptions)'
  expectClient(client, { has: ['call', 'on'], lacks: ['nodes'] }, 'fromIoredis', what)
  refuse(faultOf(client.options), 'fromIoredis', 'ioredisOptions')
  return {
    ...connection(client, client.options.stringNumbers === true),
    cluster: false,
    command: (name = '', ...args) => client.call(name, args),
    reconnect() {
      // Commands in flight fail one after the other: the first drops the connection, none a new one.
      if (client.status === 'ready') client.disconnect(true)
    },
  }
}

/**
 * The connection of a Cluster client of ioredis (`new Cluster(nodes, ioredisClusterOptions)`). Throws a `TypeError`
 * where the client could send a command twice, as `fromIoredis` does.
 */
export function fromIoredisCluster(client: IoredisClusterClient): RedisConnection {
  const what = 'a Cluster client of ioredis or iovalkey, such as new Cluster(nodes, ioredisClusterOptions)'
  expectClient(client, { has: ['call', 'on', 'nodes'] }, 'fromIoredisCluster', what)
  const { retryDelayOnFailover = 100, clusterNodeRetryStrategy, enableAutoPipelining, redisOptions } = client.options
  // The connection to a node that is not made anew fails all that was in flight.
  const nodesReconnect = typeof clusterNodeRetryStrategy === 'function'
  const ofNodes = nodesReconnect ? faultOf({ ...redisOptions, enableAutoPipelining }) : undefined
  refuse(retryDelayOnFailover > 0 ? TWICE : ofNodes, 'fromIoredisCluster', 'ioredisClusterOptions')
  return { ...connection(client, redisOptions?.stringNumbers === true), cluster: true }
}

function connection(
  client: Pick<IoredisClient, 'call' | 'on'>,
  stringNumbers: boolean,
): Pick<RedisConnection, 'script' | 'lastError'> {
  return {
    lastError: lastErrorOf(client),
    script(command, script, keys, args) {
      const reply = client.call(command, [script, String(keys.length), ...keys, ...args])
      return stringNumbers ? reply.then(withNumbers) : reply
    },
  }
}

const TWICE = 'may send a command twice, which would count twice'
const STUCK = 'may send nothing any more after a lost reply, as enableAutoPipelining waits for it'

/**
 * ioredis keeps what was in flight for the next connection, unless it may not retry or may not resend. Where it may retry
 * and not resend, that is never answered (redis/ioredis#2193), and a pipeline of its own waits for the one before it.
 */
function faultOf(options: SendingOptions): string | undefined {
  if (options.maxRetriesPerRequest === 0) return undefined
  if (options.autoResendUnfulfilledCommands !== false) return TWICE
  return options.enableAutoPipelining === true ? STUCK : undefined
}

function refuse(fault: string | undefined, factory: string, options: string): void {
  if (fault === undefined) return
  throw new TypeError(`${factory}: this client ${fault}; give it \`${options}\` of spillway/redis`)
}
