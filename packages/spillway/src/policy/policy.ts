import type { Block, BoundQuota, FailurePolicy, Lease, Zone } from '../core/charge.js'
import type { Micros, Units } from '../core/units.js'
import type { PathPattern } from './path-pattern.js'
import type { PathRegex } from './path-regex.js'
import type { RedisConfig } from './redis-config.js'
import type { ResponseCharge } from './response-charge.js'

/** A policy file, parsed and compiled: made by `parsePolicy`, run by `createGuard`. */
export interface Policy {
  readonly layers: readonly Layer[]
  readonly identity: readonly IdentityConfig[]
  /** What becomes of a request that no source identifies: its connection's address pays, or 401. */
  readonly anonymous: 'address' | 'deny'
  /** Whether letter case and a trailing slash tell paths apart. */
  readonly strictPaths: boolean
  readonly denied: DeniedConfig
  readonly headers: 'draft' | 'legacy' | 'both' | 'none'
  readonly onStoreFailure: FailurePolicy
  /** What only the gateway reads. */
  readonly gateway: GatewayConfig
}

/** Rules in order; the first that matches applies. */
export interface Layer {
  readonly name: string
  readonly rules: readonly Rule[]
}

/** Which requests fall under which quotas. */
export interface Rule {
  /** From the file, or `rule-3`, in a named layer `client-3`. Unique in the policy. */
  readonly name: string
  /** Where it stands in the file: `rules[2]` or `layers[0].rules[2]`. */
  readonly place: string
  readonly matches: PathPattern | PathRegex
  /** Absent: every method. `HEAD` is in it where `GET` was named. */
  readonly methods?: ReadonlySet<string>
  /** Absent: every group. */
  readonly groups?: ReadonlySet<string>
  /** Empty: unlimited. */
  readonly quotas: readonly BoundQuota[]
  /** The names of `quotas` in header fields and problem documents: the rule's, or `rule-60s` where it has several. */
  readonly quotaNames: readonly string[]
  readonly zone: Zone
  readonly partition: readonly PartitionPart[]
  /** The units that a request takes when it comes. */
  readonly cost: Units
  /** Which responses let them count; they are given back for every other. Absent: they count, whatever comes of the request. */
  readonly charge?: ResponseCharge
  readonly block: Block | undefined
  /** A `candidate` stands in no layer, but beside the rule whose quotas it may replace. */
  readonly mode: 'enforce' | 'shadow' | 'candidate'
  /** Absent: it is run as `mode` says, whoever asks. */
  readonly rollOut?: RollOut
  /** What is tried beside it: the same rule with other quotas, and counts of its own. */
  readonly candidate?: Rule
  readonly onStoreFailure: FailurePolicy
  /** Absent: every charge is put to the store by itself. */
  readonly lease?: Lease
}

/** That a rule is enforced for a share of the partitions. `enforcedFor` says which they are. */
export interface RollOut {
  /** More than 0, and 1 for all. */
  readonly share: number
  /** The rule as it is for all others: in shadow, with counts of its own. */
  readonly shadow: Rule
}

/** One part of what names a partition; several make a composite one. */
export type PartitionPart =
  | { readonly by: 'user' | 'ip' | 'network' | 'group' | 'path' | 'method' | 'everyone' }
  | { readonly by: 'header'; readonly name: string }
  | { readonly by: 'claim'; readonly name: string }

/** A source of identity, as a policy describes it. `identitySources` makes it. */
export type IdentityConfig =
  | { readonly source: 'jwt'; readonly options: JwtConfig }
  | { readonly source: 'header'; readonly options: HeaderConfig }
  | { readonly source: 'ip'; readonly options: ClientIpConfig }

/** How a JSON Web Token identifies a user. Exactly one of `secret`, `publicKey` and `jwks` is there. */
export interface JwtConfig {
  /** A shared secret, for HS256, HS384, HS512. */
  readonly secret?: string
  /** A public key in PEM (SPKI or certificate) or as a JWK, for RS, PS, ES and EdDSA. */
  readonly publicKey?: string | Readonly<Record<string, unknown>>
  /** The URL of a JSON Web Key Set. */
  readonly jwks?: string
  /** The only `alg` values that are accepted. */
  readonly algorithms: readonly string[]
  /** The claim with the user's name. Default `sub`. */
  readonly user?: string
  /** The claim with the group; absent: every user is in `default`. */
  readonly group?: string
  /** The accepted `iss`, one or several. Absent: it is not looked at. */
  readonly issuer?: string | readonly string[]
  /** The accepted `aud`, one or several. Absent: it is not looked at. */
  readonly audience?: string | readonly string[]
  /** Tolerance for clocks that differ, in `exp` and `nbf`. */
  readonly leeway?: Micros
  /** The header with the token, `Authorization` (with `Bearer `) unless said otherwise. */
  readonly header?: string
  /** A token that does not verify: `ignore` asks the next source, `deny` answers 401. Default `ignore`. */
  readonly onInvalidToken?: 'ignore' | 'deny'
}

/** How a header with a key, or with a name that somebody in front has checked, identifies a user. */
export interface HeaderConfig {
  /** Lower case. */
  readonly name: string
  /** Known keys and their groups. */
  readonly groups?: ReadonlyMap<string, string>
  /** Somebody in front has checked the value: any is taken, in group `default` unless `groups` says otherwise. */
  readonly verified: boolean
}

/** How a connection's address and a forwarding header identify a client. */
export interface ClientIpConfig {
  /** Addresses and CIDR ranges whose forwarding header is believed. Default: none. */
  readonly trustedProxies?: readonly string[]
  /** `X-Forwarded-For` unless said otherwise; `Forwarded` is read by RFC 7239. */
  readonly header?: string
  /** The leading bits of an IPv6 address that are one client. Default 64. */
  readonly ipv6Prefix?: number
  /** A wider tier: the bits that `partition: network` keeps of an IPv6 address. Default 48, or `ipv6Prefix` if that is less. */
  readonly ipv6Network?: number
}

/** How a denial is answered. */
export interface DeniedConfig {
  /** From 400 to 599. */
  readonly status: number
  /** A problem document (RFC 9457), plain text, or the content of a file, which whoever makes the guard reads. */
  readonly body: 'problem' | 'text' | { readonly file: string; readonly contentType: string }
  /** Whether the gateway puts the id of a refusal into `X-Request-Id`. Absent: only into its log. */
  readonly requestId?: boolean
}

/** The parts of a policy file that only a gateway reads. Addresses are `HOST:PORT`. */
export interface GatewayConfig {
  /** Where requests come in. */
  readonly listen?: { readonly address: string; readonly tls?: TlsFiles }
  /** The service behind. */
  readonly upstream?: {
    /** Ends after the port. */
    readonly url: string
    /** Past it the answer is 504. */
    readonly timeout: Micros
    /** Paths of PEM files; `ca` instead of the usual authorities. */
    readonly tls?: Partial<TlsFiles> & { readonly ca?: string }
  }
  /** The admin listener. Off loopback it has a token. */
  readonly admin?: { readonly listen: string; readonly token?: string }
  readonly store: 'memory' | { readonly redis: RedisConfig }
  /** Whether the upstream gets the target as it came, not the path that rules were held against. */
  readonly forwardRawPath: boolean
}

/** Paths of PEM files. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}
