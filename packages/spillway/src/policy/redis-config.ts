import type { Micros } from '../core/units.js'

/** How the store's Redis or Valkey is reached, as plain data: addresses are read, credentials are out of the URL. */
export interface RedisConfig {
  readonly servers: RedisServers
  /** Absent: the server's default user. */
  readonly username?: string
  readonly password?: string
  /** 0 in a cluster. */
  readonly database: number
  /** Absent: no TLS. Sentinels are spoken to in the same way. */
  readonly tls?: RedisTls
  /** What every key starts with. Absent: the store's own. */
  readonly prefix?: string
  /** How long an answer may take. Absent: the store's own. */
  readonly timeout?: Micros
  /** How many processes share the limits while they count alone. Absent: counted. */
  readonly replicas?: number
}

/** One server, the nodes that a cluster is found by, or the sentinels that know the master. */
export type RedisServers =
  | { readonly kind: 'single'; readonly address: ServerAddress }
  | { readonly kind: 'cluster'; readonly nodes: readonly ServerAddress[] }
  | {
      readonly kind: 'sentinel'
      /** What the sentinels call the master. */
      readonly name: string
      readonly nodes: readonly ServerAddress[]
      readonly username?: string
      readonly password?: string
    }

/** A host (an IPv6 address without brackets) and a port. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** Paths of PEM files, and the name that the server's certificate must bear. Empty: the usual authorities are believed. */
export interface RedisTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** Absent: the host that is connected to. */
  readonly serverName?: string
}
