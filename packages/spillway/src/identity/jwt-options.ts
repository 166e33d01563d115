import type { Micros } from '../core/units.js'
import type { JwtConfig } from '../policy/policy.js'

/** Options of `jwt`: those of the `jwt` entry of a policy's `identity`, and the time. */
export interface JwtOptions extends Omit<JwtConfig, 'leeway'> {
  /** Tolerance for clocks that differ, in `exp` and `nbf`: a span such as `30s`, or microseconds. Default: none. */
  readonly leeway?: string | Micros
  /** The time by which tokens and fetched keys age. Default: the system's. */
  readonly now?: () => Date
}

/** The optional peer dependency, loaded on the first token. */
export type Jose = typeof import('jose')

/**
 * The key for a token's header. Rejects where there is none; nothing in the header has been checked but that its `alg`
 * is allowed.
 */
export type KeyFinder = (header: { readonly alg: string; readonly kid?: string }) => Promise<CryptoKey | Uint8Array>
