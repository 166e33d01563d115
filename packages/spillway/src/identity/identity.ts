import type { Awaitable } from '../core/units.js'

/**
 * What an adapter tells of a request: only what it would cost nothing to tell. Everything in it is from a client and
 * hostile.
 */
export interface RequestDescription {
  /** As on the request line; never from an override header. */
  readonly method: string
  /** The request target as it came: path and query, or an absolute URL. */
  readonly target: string
  /** The peer address of the connection; absent where the platform does not tell. */
  readonly address?: string | undefined
  /** The value of a header, by its lower-case name; repeated lines joined with `, `. */
  header(name: string): string | undefined
  /** The session that a session middleware put on the request, if any. */
  readonly session?: unknown
  /** The framework's own request, for functions of the application; absent where a description was made by hand. */
  readonly request?: unknown
}

/** Who asks. */
export interface Identity {
  /** Of what kind `user` is: a user called `192.0.2.1` is not that address. */
  readonly kind: 'user' | 'key' | 'ip'
  /** The user's name; for a key its hash; for an address its canonical text (with IPv6 its prefix). */
  readonly user: string
  /** `default` where nothing says otherwise. */
  readonly group: string
  /** What a token's issuer vouches for: read by `partition: claim:NAME`. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/**
 * Finds out who asks, or nothing: then the next source is asked. Throws or rejects with an `IdentityError` to refuse
 * the request.
 */
export type IdentitySource = (request: RequestDescription) => Awaitable<Identity | undefined>

/**
 * The request must be refused with 401: nobody was found under `anonymous: deny`, or a token is bad under
 * `onInvalidToken: deny`.
 */
export class IdentityError extends Error {
  override readonly name = 'IdentityError'
  /** Stable, for programs. */
  readonly code: 'ERR_SPILLWAY_ANONYMOUS' | 'ERR_SPILLWAY_INVALID_TOKEN'

  constructor(code: IdentityError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
