import type { RedisConnection } from '../connection.js'
import { hashSlot } from '../slot.js'
import { expectClient } from './expect-client.js'
import { lastErrorOf } from './last-error.js'

/** How a command is sent: what node-redis takes beside its arguments. */
interface SendOptions {
  readonly abortSignal: AbortSignal
  readonly timeout: number
  readonly typeMapping: Record<never, never>
}

/** A client of one server, as far as it can be told to connect anew. */
interface ReconnectingClient {
  readonly isReady: boolean
  connect(): Promise<unknown>
  destroy(): void
}

/** What is used of node-redis' `createClient`. */
export interface NodeRedisClient extends ReconnectingClient {
  sendCommand(args: string[], options: SendOptions): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** What is used of node-redis' `createCluster`. */
export interface NodeRedisClusterClient {
  /** The nodes by hash slot; a node has a client once it was needed. */
  readonly slots: readonly { readonly master: { readonly client?: ReconnectingClient } }[]
  sendCommand(firstKey: string | undefined, isReadonly: boolean, args: string[], options: SendOptions): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** What is used of node-redis' `createSentinel`. */
export interface NodeRedisSentinelClient {
  sendCommand(isReadonly: boolean, args: string[], options: SendOptions): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** A command that was not sent so many milliseconds after it was put is dropped; one that was not answered is lost. */
const PATIENCE = 1_000

/**
 * Options under which a client of node-redis keeps no command while there is no connection, and is connected again
 * within a quarter of a second of the server's being back: `createClient({ url, ...nodeRedisOptions })`; for Sentinels
 * `createSentinel({ name, sentinelRootNodes, nodeClientOptions: nodeRedisOptions })`. A connection on which nothing
 * passes for two seconds is given up, and something does each second (`pingInterval`).
 */
export const nodeRedisOptions = {
  disableOfflineQueue: true,
  pingInterval: 1_000,
  socket: {
    connectTimeout: 500,
    socketTimeout: 2_000,
    reconnectStrategy: (attempts: number): number => Math.min(50 * (attempts + 1), 250),
  },
}

/**
 * The like for a Cluster: `createCluster({ rootNodes, ...nodeRedisClusterOptions })`. It also looks for the new master
 * of a node that is gone 100 ms after the first attempt to reach it again, not 5 s.
 */
export const nodeRedisClusterOptions = {
  defaults: nodeRedisOptions,
  topologyRefreshOnReconnectionAttemptStrategy: 100,
}

/**
 * The connection of node-redis' `createClient({ url, ...nodeRedisOptions })`. Connecting is the caller's:
 * `client.connect().catch(…)` needs not be waited for. A lost reply rejects its command, and no command is sent twice;
 * the client's errors, which would end the process where nobody listens, are left to the store to tell of. A connection
 * on which a command gets no reply for a second is given up for a new one.
 */
export function fromNodeRedis(client: NodeRedisClient): RedisConnection {
  const lacks = ['call', 'nodeClient', 'acquire']
  expectClient(
    client,
    { has: ['sendCommand', 'on'], lacks },
    'fromNodeRedis',
    'what `createClient` of node-redis gives',
  )
  const anew = () => reconnect(client)
  return {
    ...connection(client, (_firstKey, args, options) => client.sendCommand(args, options), anew),
    cluster: false,
    command: (...args) => sentOnce((options) => client.sendCommand([...args], options), anew),
    reconnect: anew,
  }
}

/** The connection of node-redis' `createCluster({ rootNodes, ...nodeRedisClusterOptions })`. */
export function fromNodeRedisCluster(client: NodeRedisClusterClient): RedisConnection {
  const has = ['sendCommand', 'on', 'nodeClient']
  expectClient(client, { has }, 'fromNodeRedisCluster', 'what `createCluster` of node-redis gives')
  const anew = (key = '') => reconnect(client.slots[hashSlot(key)]?.master.client)
  return {
    ...connection(client, (firstKey, args, options) => client.sendCommand(firstKey, false, args, options), anew),
    cluster: true,
  }
}

/**
 * The connection of node-redis' `createSentinel({ …, nodeClientOptions: nodeRedisOptions })`. Of itself the client sends
 * a command anew whose connection was lost before the reply; not so those that are sent from here.
 */
export function fromNodeRedisSentinel(client: NodeRedisSentinelClient): RedisConnection {
  const has = ['sendCommand', 'on', 'acquire']
  expectClient(client, { has }, 'fromNodeRedisSentinel', 'what `createSentinel` of node-redis gives')
  return {
    ...connection(client, (_firstKey, args, options) => client.sendCommand(false, args, options)),
    cluster: false,
    command: (...args) => sentOnce((options) => client.sendCommand(false, [...args], options)),
  }
}

/** `onSilence` is called when a script got no reply for a second, with its first key. */
function connection(
  client: Pick<NodeRedisClient, 'on'>,
  send: (firstKey: string | undefined, args: string[], options: SendOptions) => Promise<unknown>,
  onSilence?: (firstKey: string | undefined) => void,
): Pick<RedisConnection, 'script' | 'lastError'> {
  return {
    lastError: lastErrorOf(client),
    script(command, script, keys, args) {
      const [first] = keys
      const all = [command, script, String(keys.length), ...keys, ...args]
      return sentOnce((options) => send(first, all, options), onSilence && (() => onSilence(first)))
    },
  }
}

/** Drops a client's connection for a new one. Commands in flight fail one after the other: none drops the new one. */
function reconnect(client: ReconnectingClient | undefined): void {
  if (client?.isReady !== true) return
  client.destroy()
  client.connect().catch(() => undefined)
}

/**
 * Sends a command once, soon or not at all, whatever the client is told to do with those that fail or wait: its signal
 * aborts once it is written, which the client then no longer hears, and which keeps it from being queued anew.
 */
async function sentOnce(send: (options: SendOptions) => Promise<unknown>, onSilence?: () => void): Promise<unknown> {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    if (controller.signal.aborted) onSilence?.()
    else controller.abort()
  }, PATIENCE)
  try {
    // No timeout and no mapping of types: those of the client's own commands are not for these.
    return await send({ abortSignal: abortedOnceWritten(controller), timeout: 0, typeMapping: {} })
  } finally {
    clearTimeout(timer)
  }
}

/** node-redis lets go of a command's signal when it writes the command. */
function abortedOnceWritten(controller: AbortController): AbortSignal {
  const { signal } = controller
  const remove = signal.removeEventListener.bind(signal)
  signal.removeEventListener = (type: string, listener: EventListenerOrEventListenerObject) => {
    remove(type, listener)
    controller.abort()
  }
  return signal
}
