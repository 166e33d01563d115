import type { Logger } from 'pino'
import type { Clock, MemoryStats, Store } from 'spillway'
import type { RedisStats } from 'spillway/redis'
import type { Histogram } from '../histogram.js'
import type { TlsWatch } from '../tls-watch.js'

/** A store at work. */
export interface OpenStore {
  readonly store: Store
  readonly figures: StoreFigures
  /** Resolves once it can be asked: of a store in Redis, once a server takes commands. */
  ready(): Promise<void>
  /** Resolves once nothing more is sent. To be called when no request is in flight. */
  close(): Promise<void>
}

/** What a store needs of the gateway around it. */
export interface StoreSurroundings {
  /** Instead of the store's own clock, for tests. */
  readonly clock: Clock | undefined
  /** Samples the lines of the log. */
  readonly logClock: Clock
  readonly log: Logger
  readonly tls: TlsWatch
  /** This process only looks: other processes need not know of it. */
  readonly heartbeat?: false
}

/** What a store tells of itself, read when somebody asks. */
export type StoreFigures =
  | { readonly kind: 'memory'; readonly stats: () => MemoryStats }
  | { readonly kind: 'redis'; readonly stats: () => RedisStats; readonly callTime: Histogram }
  /** It came from outside and tells nothing. */
  | { readonly kind: 'other' }
