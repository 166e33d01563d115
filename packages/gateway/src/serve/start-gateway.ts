import type { Logger } from 'pino'
import { pino } from 'pino'
import type { Clock, Micros, Policy, Store } from 'spillway'
import manifest from '../../package.json' with { type: 'json' }
import { listenAdmin } from './admin-listener.js'
import type { GatewayParts } from './gateway-parts.js'
import { gatewayParts } from './gateway-parts.js'
import { listenAddress } from './listen-address.js'
import type { Listener } from './listener.js'
import { listen } from './listener.js'
import { createProxy } from './proxy.js'
import { reload } from './reload.js'
import { standardError } from './standard-error.js'
import { givenStore, openStore } from './store/open-store.js'
import type { TlsWatch } from './tls-watch.js'
import { tlsWatch } from './tls-watch.js'
import { openUpstream } from './upstream.js'

/** What may differ from the policy, or from the running system. */
export interface GatewayOptions {
  /** In place of the port in the policy; 0 takes a free one. */
  readonly port?: number
  /** The store's clock. Default: monotonic. */
  readonly clock?: Clock
  /** In place of the store that the policy names. */
  readonly store?: Store
  /** Default: JSON lines on standard error. */
  readonly log?: Logger
  /** What paths of files in the policy are relative to. Default: the working directory. */
  readonly baseDirectory?: string
}

/** Where a listener can be reached. */
export interface ListenerAddress {
  readonly host: string
  readonly port: number
  readonly url: string
}

/** A gateway that accepts requests. */
export interface RunningGateway {
  readonly address: ListenerAddress
  /** Absent where the policy has no `admin`. */
  readonly admin?: ListenerAddress
  /**
   * Puts the policy that `load` gives in force, whole and between two requests: each request goes by one policy from its
   * beginning to its end. Counts go on where a zone of that name counts in the same windows. One attempt at a time, in
   * order; each is logged. Rejects, and leaves the policy before in force, where `load` throws or rejects, with a
   * `RangeError` where `listen`, `upstream` (but for its timeout), `admin` or `store` differ, which take a restart, and
   * where the file of `denied.body` cannot be read.
   */
  reload(load: () => Policy | Promise<Policy>): Promise<void>
  /** Accepts nothing more, lets what is in flight finish for at most `grace` (30 s unless said otherwise), then resolves. */
  stop(options?: { readonly grace?: Micros }): Promise<void>
}

const DEFAULT_GRACE: Micros = 30_000_000
/** Longest time to reach the upstream at all, where its own timeout is longer. Milliseconds. */
const CONNECT_TIMEOUT = 10_000

/**
 * Starts the gateway of a policy, and waits neither for its upstream nor for the servers of its store. Rejects with a
 * `RangeError` where the policy lacks `listen` or `upstream`, with the system's error where an address cannot be had,
 * and where a certificate or the file of `denied.body` cannot be used.
 */
export async function startGateway(policy: Policy, options: GatewayOptions = {}): Promise<RunningGateway> {
  const { log = pino(standardError()), baseDirectory = '.' } = options
  const clock = options.clock ?? { now: () => Math.floor(performance.now() * 1000) }
  const tls = tlsWatch(baseDirectory, log)
  const closing: (() => Promise<void>)[] = [async () => tls.close()]

  try {
    const store = options.store
      ? givenStore(options.store)
      : await openStore(policy, { clock: options.clock, logClock: clock, log, tls })
    closing.push(store.close)
    const parts = gatewayParts(policy, store, { clock, log, baseDirectory })
    const proxy = await listenProxy(policy, options.port, parts, tls, closing)
    const admin = await listenAdmin(policy, parts, closing)
    log.info({ address: proxy.url, admin: admin?.url, version: manifest.version }, 'started')
    return running(proxy, admin, parts, closing)
  } catch (error) {
    for (const close of closing) await close()
    throw error
  }
}

async function listenProxy(
  policy: Policy,
  port: number | undefined,
  parts: GatewayParts,
  tls: TlsWatch,
  closing: (() => Promise<void>)[],
): Promise<Listener> {
  const { listen: place, upstream: target } = policy.gateway
  if (place === undefined)
    throw new RangeError('the policy has no `listen`: a gateway needs it, such as 127.0.0.1:8080')
  if (target === undefined)
    throw new RangeError('the policy has no `upstream`: a gateway needs it, such as http://127.0.0.1:3000')

  const upstream = openUpstream(
    target.url,
    () => Math.min(parts.inForce.timeout, CONNECT_TIMEOUT),
    target.tls && tls.read('upstream.tls', target.tls, (material) => upstream.secure(material)),
  )
  closing.push(() => upstream.pool.destroy())

  const listener = await listen(
    { ...listenAddress(place.address), ...(port !== undefined && { port }) },
    place.tls && tls.read('listen.tls', place.tls, (material) => listener.secure(material)),
    createProxy(parts, upstream),
  )
  closing.push(() => listener.stop(0))
  return listener
}

function running(
  proxy: Listener,
  admin: Listener | undefined,
  parts: GatewayParts,
  closing: readonly (() => Promise<void>)[],
): RunningGateway {
  let stopped: Promise<void> | undefined
  let reloaded = Promise.resolve()
  const stop = async (grace: Micros) => {
    parts.stopping = true
    parts.log.info({}, 'stopping')
    await proxy.stop(grace / 1000)
    for (const close of closing) await close()
    parts.log.info({}, 'stopped')
  }

  return {
    address: addressOf(proxy),
    ...(admin && { admin: addressOf(admin) }),
    reload: (load) => {
      const done = reloaded.then(() => reload(parts, load))
      reloaded = done.catch(() => undefined)
      return done
    },
    stop: ({ grace = DEFAULT_GRACE } = {}) => {
      stopped ??= stop(grace)
      return stopped
    },
  }
}

function addressOf({ host, port, url }: Listener): ListenerAddress {
  return { host, port, url }
}
