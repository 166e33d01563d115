/** Algorithms of a token's `alg` (RFC 7518, 3.1; RFC 9864, 2.2), by the kind of key that they go with. */

export const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']

/** By the curve of the key (RFC 7518, 3.4). */
export const EC = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' } as const

export const ED25519 = ['EdDSA', 'Ed25519']

/** Those that a shared secret goes with. */
export const SHARED_KEY_ALGORITHMS: readonly string[] = ['HS256', 'HS384', 'HS512']

/** Those that some public key goes with. */
export const PUBLIC_KEY_ALGORITHMS: readonly string[] = [...RSA, ...Object.values(EC), ...ED25519]
