import { onlyOptions } from '../../core/options.js'
import type { Clock, Micros, Units } from '../../core/units.js'
import type { CallStore, DecisionSources, OnStoreEvent, StoreEvent } from '../calls.js'
import { noDecisions } from '../calls.js'
import { circuitBreaker } from '../circuit-breaker.js'
import { coalesce } from '../coalesce.js'
import { deadline } from '../deadline.js'
import { denyCache } from '../deny-cache.js'
import { printEvent } from '../event-line.js'
import { lease } from '../lease.js'
import { localFallback } from '../local-fallback.js'
import { monotonicClock } from '../memory/clock.js'
import type { Store } from '../store.js'
import { acrossSlots } from './across-slots.js'
import type { RedisConnection } from './connection.js'
import { evictionWarning } from './eviction.js'
import { heartbeat, silentHeart } from './heartbeat.js'
import { slotIn } from './keys.js'
import { partitionOf } from './parts.js'
import { scripted } from './scripted.js'
import { prefixOf, replicasOf, timeoutOf } from './settings.js'
import { sixteenths } from './sixteenths.js'
import { watched } from './watched.js'

/** How a Redis store is made. */
export interface RedisStoreOptions {
  /** What the names of all its keys begin with. Stores with one prefix on one server are one. Default `spillway:`. */
  readonly prefix?: string
  /** How long a request waits for the server at most: `'50ms'`, or microseconds. Default 50 ms. */
  readonly timeout?: string | Micros
  /** How many processes share the limits while the server is away. Absent: as many as have told of themselves within the last seconds. */
  readonly replicas?: Units
  /** Ask the server about every charge, those too that it has just refused. */
  readonly denyCache?: false
  /** Tell nobody of this process, which only looks: it is not counted among those that share the limits. */
  readonly heartbeat?: false
  /** For tests. Absent: the server's own time. */
  readonly clock?: Clock
  /** Hears of each change that an operator wants to know of. Default: a line on standard error. */
  readonly onEvent?: (event: StoreEvent) => void
  /** Gets how long the server took for each batch of calls, failed ones too. For a histogram. */
  readonly onCall?: (took: Micros) => void
}

const OPTIONS = [
  'prefix',
  'timeout',
  'replicas',
  'denyCache',
  'heartbeat',
  'clock',
  'onEvent',
  'onCall',
] as const satisfies readonly (keyof RedisStoreOptions)[]

/** A store in Redis or Valkey: exact across processes, and never waited for longer than its timeout. */
export interface RedisStore extends Store {
  stats(): RedisStats
  /**
   * Gives back what is held under leases, and stops the timers; never the client. Resolves when that is done, or cannot
   * be. The store goes on to answer, but asks no server again that fails from then on.
   */
  close(): Promise<void>
}

/** What a Redis store tells of itself. */
export interface RedisStats {
  /** Whether the server is asked; on a cluster, all of it. */
  readonly available: boolean
  /** Whether this process decides alone, by its share of the limits. */
  readonly local: boolean
  /** How many processes share the store, as last counted or as configured. */
  readonly replicas: Units
  /** Since the start, by where they came from. */
  readonly decisions: Readonly<DecisionSources>
  /** Faults of the server since the start, by the code of their `StoreError`. */
  readonly failures: Readonly<Record<string, number>>
}

/**
 * Counts in Redis or Valkey, so that all processes which share the server share the limits: `redisStore(fromIoredis(new
 * Redis(url, ioredisOptions)))`. It waits for no connection, and never longer than `timeout` for an answer; what then
 * happens to a request is its rule's failure policy. Unasked it sends one beat a second, the first 100 ms after it was made,
 * and once the server answers a question about its memory. Throws a `RangeError` where `prefix`, `timeout` or `replicas` is
 * none, a `QuotaSyntaxError` for a `timeout` that is no duration, a `TypeError` for a connection that is none and for another
 * option.
 */
export function redisStore(connection: RedisConnection, options: RedisStoreOptions = {}): RedisStore {
  checkArguments(connection, options)
  const { clock, onCall } = options
  const prefix = prefixOf(options.prefix)
  const limit = timeoutOf(options.timeout)
  const sources = noDecisions()
  const failures: Record<string, number> = {}
  const { onEvent, isLocal } = eventsTo(options.onEvent ?? printEvent)
  const slotOf = slotIn(prefix)
  const connect = (beatsAt?: string): CallStore => {
    const calls = scripted(connection, { prefix, ...(clock && { clock }), ...(beatsAt !== undefined && { beatsAt }) })
    return watched(deadline(calls, limit), { onCall, failures })
  }

  const asked = connection.cluster
    ? sixteenths(connect, { slotOf, onEvent, clock: monotonicClock() })
    : circuitBreaker(connect(), { onEvent })
  const whenAlive: (() => void)[] = [warnOnce(connection, onEvent)]
  const onBeat = () => {
    for (const listener of whenAlive) listener()
  }
  const heart = options.heartbeat === false ? silentHeart() : heartbeat(asked, onBeat)
  const replicas = replicasOf(options.replicas, heart.replicas)

  const shared = connection.cluster
    ? acrossSlots(coalesce(asked, { sources, slotOf: (call) => slotOf(partitionOf(call)) }), slotOf, limit)
    : coalesce(asked, { sources })
  const local = { ...(clock && { clock }), sources }
  const leased = lease(options.denyCache === false ? shared : denyCache(shared, local), local)
  const store = localFallback(leased, { ...local, replicas, onEvent, whenAlive: (each) => whenAlive.push(each) })

  return Object.assign(store, {
    stats: (): RedisStats => ({
      available: asked.available(),
      local: isLocal(),
      replicas: replicas(),
      decisions: { ...sources },
      failures: { ...failures },
    }),
    async close() {
      heart.close()
      await leased.close()
      asked.close()
    },
  })
}

/** A client itself, passed as a connection, would look like a server that never answers. */
function checkArguments(connection: Partial<RedisConnection> | undefined, options: RedisStoreOptions): void {
  onlyOptions('redisStore', options, OPTIONS)
  if (typeof connection?.script === 'function' && typeof connection.cluster === 'boolean') return
  throw new TypeError('redisStore: expected a connection, such as fromIoredis(client) or fromNodeRedis(client)')
}

/** Hands events on, out of reach of what the listener throws, and knows from them whether this process decides alone. */
function eventsTo(listener: OnStoreEvent): { onEvent: OnStoreEvent; isLocal: () => boolean } {
  let local = false
  return {
    isLocal: () => local,
    onEvent(event) {
      if (event.kind === 'local') local = true
      if (event.kind === 'recovered') local = false
      queueMicrotask(() => listener(event))
    },
  }
}

/** Asks, once the server answers, whether it may drop counts. Where it does not say, it is asked no more than thrice. */
function warnOnce(connection: RedisConnection, onEvent: OnStoreEvent): () => void {
  let tries = 3
  return () => {
    if (tries-- <= 0) return
    evictionWarning(connection).then(
      (message) => {
        tries = 0
        if (message !== undefined) onEvent({ kind: 'warning', message })
      },
      () => undefined,
    )
  }
}
