import type { RedisConnection } from '../connection.js'
import { expectClient } from './expect-client.js'

/** What is used of valkey-glide's `GlideClient` and `GlideClusterClient`. */
export interface GlideLikeClient {
  customCommand(args: string[]): Promise<unknown>
}

/** What valkey-glide calls the errors of a server, and what the server calls them. */
const CODES: Readonly<Record<string, string>> = {
  BusyLoadingError: 'LOADING',
  ClusterDown: 'CLUSTERDOWN',
  CrossSlot: 'CROSSSLOT',
  MasterDown: 'MASTERDOWN',
  NoScriptError: 'NOSCRIPT',
  PermissionDenied: 'NOPERM',
  ReadOnly: 'READONLY',
  ResponseError: 'ERR',
  TryAgain: 'TRYAGAIN',
}

/**
 * Options under which a client of valkey-glide lets no command wait longer than half a second, and is connected again
 * within a quarter of a second of the server's being back: `GlideClient.createClient({ addresses, ...glideOptions })`.
 * It connects with its first command (`lazyConnect`), so that it can be made while the server is away.
 */
export const glideOptions = {
  requestTimeout: 500,
  lazyConnect: true,
  advancedConfiguration: { connectionTimeout: 500 },
  connectionBackoff: { numberOfRetries: 2, factor: 60, exponentBase: 2, jitterPercent: 0 },
}

/**
 * The connection of valkey-glide's `GlideClient`. It connects anew by itself, and does not send again what the server
 * may have run. Its `requestTimeout` bounds how long a command waits while there is no connection: 250 ms unless said
 * otherwise, after which it is not sent. It keeps a connection that has fallen silent until the system gives it up.
 */
export function fromGlide(client: GlideLikeClient): RedisConnection {
  expectClient(client, { has: ['customCommand'] }, 'fromGlide', 'a GlideClient of valkey-glide')
  return { ...connection(client), cluster: false, command: (...args) => client.customCommand([...args]) }
}

/** The connection of valkey-glide's `GlideClusterClient`. */
export function fromGlideCluster(client: GlideLikeClient): RedisConnection {
  expectClient(client, { has: ['customCommand'] }, 'fromGlideCluster', 'a GlideClusterClient of valkey-glide')
  return { ...connection(client), cluster: true }
}

function connection(client: GlideLikeClient): Pick<RedisConnection, 'script'> {
  return {
    async script(command, script, keys, args) {
      try {
        return await client.customCommand([command, script, String(keys.length), ...keys, ...args])
      } catch (fault) {
        throw asTheServerSaid(fault)
      }
    },
  }
}

/** `An error was signalled by the server: - NoScriptError: No matching script` is `NOSCRIPT No matching script`. */
function asTheServerSaid(fault: unknown): unknown {
  if (!(fault instanceof Error)) return fault
  const [, name, text] = /^(?:An error was signalled by the server: - )?(\w+): (.*)$/s.exec(fault.message) ?? []
  const code = name === undefined ? undefined : (CODES[name] ?? (/^[A-Z]+$/.test(name) ? name : undefined))
  return code === undefined ? fault : new Error(`${code} ${text}`, { cause: fault })
}
