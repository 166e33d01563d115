import { choiceOption, textOption } from '../core/options.js'
import { jwksKeys } from './jwks.js'
import { EC, ED25519, PUBLIC_KEY_ALGORITHMS, RSA, SHARED_KEY_ALGORITHMS } from './jwt-algorithms.js'
import type { Jose, JwtOptions, KeyFinder } from './jwt-options.js'

/** What stands in a key's DER, in the order in which it is looked for: object identifiers, and the algorithms that fit. */
const IDENTIFIERS: readonly (readonly [string, readonly string[]])[] = [
  ['\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01', RSA],
  ['\x2a\x86\x48\xce\x3d\x03\x01\x07', ['ES256']],
  ['\x2b\x81\x04\x00\x22', ['ES384']],
  ['\x2b\x81\x04\x00\x23', ['ES512']],
  ['\x2b\x65\x70', ED25519],
]

/** Makes a finder of keys once jose is there. Rejects with a `TypeError` for a key that jose cannot read. */
type KeyLoader = (jose: Jose) => Promise<KeyFinder>

/**
 * Binds the one key of the options to its algorithms, so that a token cannot choose another use of it (a public key as
 * the secret of an HMAC, say). Throws `TypeError` or `RangeError` where they do not go together.
 */
export function jwtKeys(options: JwtOptions, now: () => Date): KeyLoader {
  const given = (['secret', 'publicKey', 'jwks'] as const).filter((name) => options[name] !== undefined)
  if (given.length !== 1) throw new TypeError('jwt: give exactly one of secret, publicKey and jwks')

  if (options.publicKey !== undefined) return publicKey(options.publicKey, options.algorithms)
  return options.jwks === undefined
    ? sharedSecret(options.secret, options.algorithms)
    : keySet(options.jwks, options.algorithms, now)
}

function sharedSecret(secret: unknown, algorithms: readonly string[]): KeyLoader {
  const text = textOption(secret, 'jwt: secret')
  if (text.includes('-----BEGIN ')) {
    throw new TypeError(
      'jwt: secret is a key in PEM; who knows the public half could forge tokens: give it as publicKey',
    )
  }
  checkAlgorithms(algorithms, SHARED_KEY_ALGORITHMS, 'secret')

  const bytes = new TextEncoder().encode(text)
  return async () => async () => bytes
}

function keySet(jwks: unknown, algorithms: readonly string[], now: () => Date): KeyLoader {
  const text = textOption(jwks, 'jwt: jwks')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TypeError('jwt: jwks: expected an http or https URL without a password')
  }
  checkAlgorithms(algorithms, PUBLIC_KEY_ALGORITHMS, 'jwks')

  return async (jose) => jwksKeys(url, jose, now)
}

type PublicKey = NonNullable<JwtOptions['publicKey']>

function publicKey(key: PublicKey, algorithms: readonly string[]): KeyLoader {
  checkAlgorithms(algorithms, typeof key === 'string' ? algorithmsOfPem(key) : algorithmsOfJwk(key), 'this publicKey')

  return async (jose) => {
    const imported = algorithms.map(async (alg) => [alg, await importKey(jose, key, alg)] as const)
    const keys = new Map(await Promise.all(imported).catch(unusableKey))
    return async ({ alg }) => keys.get(alg) ?? unusableKey(new Error(`no key for ${alg}`))
  }
}

function importKey(jose: Jose, key: PublicKey, alg: string): Promise<CryptoKey | Uint8Array> {
  if (typeof key !== 'string') return jose.importJWK(key, alg)
  return key.includes('-----BEGIN CERTIFICATE') ? jose.importX509(key.trim(), alg) : jose.importSPKI(key.trim(), alg)
}

function unusableKey(cause: unknown): never {
  throw new TypeError('jwt: publicKey cannot be read', { cause })
}

function algorithmsOfPem(pem: string): readonly string[] {
  const [, body] = /^\s*-----BEGIN (?:PUBLIC KEY|CERTIFICATE)-----([A-Za-z\d+/=\s]+)-----END/.exec(pem) ?? []
  if (body === undefined) {
    throw new TypeError(
      'jwt: publicKey: expected -----BEGIN PUBLIC KEY-----, -----BEGIN CERTIFICATE----- or a JSON Web Key',
    )
  }

  const der = decoded(body)
  const fitting = IDENTIFIERS.find(([identifier]) => der.includes(identifier))?.[1]
  if (fitting) return fitting
  throw new TypeError('jwt: publicKey holds no key of RSA, P-256, P-384, P-521 or Ed25519')
}

function decoded(base64: string): string {
  try {
    return atob(base64.replace(/\s/g, ''))
  } catch (cause) {
    throw new TypeError('jwt: publicKey is not valid base64 between its marks', { cause })
  }
}

function algorithmsOfJwk(jwk: Exclude<PublicKey, string>): readonly string[] {
  if ('d' in jwk || 'k' in jwk)
    throw new TypeError('jwt: publicKey holds a private key or a secret: give the public half')

  const possible = algorithmsOfType(jwk)
  if (possible.length === 0) {
    throw new TypeError('jwt: publicKey: expected a JSON Web Key of RSA, P-256, P-384, P-521 or Ed25519')
  }
  return jwk.alg === undefined ? possible : possible.filter((each) => each === jwk.alg)
}

/** By the key's type and curve alone; none where they are others. */
function algorithmsOfType({ kty, crv }: Exclude<PublicKey, string>): readonly string[] {
  switch (kty) {
    case 'RSA':
      return RSA
    case 'EC':
      return Object.entries(EC).flatMap(([curve, alg]) => (curve === crv ? [alg] : []))
    case 'OKP':
      return crv === 'Ed25519' ? ED25519 : []
    default:
      return []
  }
}

function checkAlgorithms(algorithms: unknown, fitting: readonly string[], key: string): void {
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw new TypeError('jwt: algorithms: expected a list such as ["RS256"]: the token must not choose')
  }
  for (const algorithm of algorithms) choiceOption(algorithm, fitting, `jwt: algorithms for ${key}`)
}
