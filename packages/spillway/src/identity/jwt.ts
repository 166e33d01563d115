import { parseDuration } from '../core/duration.js'
import { choiceOption, headerOption, integerOption, onlyOptions, textOption } from '../core/options.js'
import type { Micros } from '../core/units.js'
import { SECOND } from '../core/units.js'
import type { Identity, IdentitySource, RequestDescription } from './identity.js'
import { IdentityError } from './identity.js'
import { jwtKeys } from './jwt-key.js'
import type { Jose, JwtOptions } from './jwt-options.js'

type Claims = Readonly<Record<string, unknown>>
type Verify = (token: string) => Promise<Claims>

/** A longer token is not looked at, in characters. */
const LONGEST_TOKEN = 8_192

/** The compact serialisation of a signed token (RFC 7515, 7.1). An unsigned one has no third part. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/

const OPTIONS: readonly (keyof JwtOptions)[] = [
  'secret',
  'publicKey',
  'jwks',
  'algorithms',
  'user',
  'group',
  'issuer',
  'audience',
  'leeway',
  'header',
  'onInvalidToken',
  'now',
]

/**
 * Identifies a user by a signed JSON Web Token (RFC 7519) in `Authorization: Bearer`, or bare in another header. The
 * algorithm must be allowed and fit the key; `exp`, `nbf` and, where given, `issuer` and `audience` must hold, and the
 * claim with the user must be there. A token that does not verify is nobody, or an `IdentityError` under
 * `onInvalidToken: 'deny'`. Needs the package jose, which is loaded with the first token. Throws `TypeError` or
 * `RangeError` for a wrong option; rejects with a `TypeError` where jose is missing or cannot read the key.
 */
export function jwt(options: JwtOptions): IdentitySource {
  onlyOptions('jwt', options, OPTIONS)
  const tokenOf = tokenReader(headerOption(options.header ?? 'Authorization', 'jwt: header'))
  const identityOf = claimsReader(options)
  const loadVerify = verifier(options)
  const onInvalid = choiceOption(options.onInvalidToken ?? 'ignore', ['ignore', 'deny'], 'jwt: onInvalidToken')
  let loading: Promise<Verify> | undefined

  const identify = async (token: string): Promise<Identity | undefined> => {
    loading ??= loadVerify()
    const verify = await loading
    try {
      return identityOf(await verify(token))
    } catch (cause) {
      if (onInvalid === 'ignore') return undefined
      throw new IdentityError('ERR_SPILLWAY_INVALID_TOKEN', 'The token is not valid.', { cause })
    }
  }

  return (request) => {
    const token = tokenOf(request)
    return token === undefined ? undefined : identify(token)
  }
}

function tokenReader(header: string): (request: RequestDescription) => string | undefined {
  if (header !== 'authorization') return (request) => request.header(header) || undefined

  return (request) => {
    const value = request.header(header)
    return value?.slice(0, 7).toLowerCase() === 'bearer ' ? value.slice(7) : undefined
  }
}

function verifier(options: JwtOptions): () => Promise<Verify> {
  const { now } = options
  if (now !== undefined && typeof now !== 'function') throw new TypeError('jwt: now: expected a function')

  const loadKeys = jwtKeys(options, now ?? systemTime)
  const expected = {
    algorithms: [...options.algorithms],
    clockTolerance: leewayOf(options.leeway) / SECOND,
    ...(options.issuer !== undefined && { issuer: textsOption(options.issuer, 'jwt: issuer') }),
    ...(options.audience !== undefined && { audience: textsOption(options.audience, 'jwt: audience') }),
  }

  return async () => {
    const jose = await loadJose()
    const keys = await loadKeys(jose)
    return async (token) => {
      if (token.length > LONGEST_TOKEN || !COMPACT.test(token)) throw new TypeError('not a compact signed token')
      const verified = await jose.jwtVerify(token, keys, now ? { ...expected, currentDate: now() } : expected)
      return verified.payload
    }
  }
}

/** Fetched keys age beside a fetch, which is no purer than a clock; a token's own times are told by jose or by `now`. */
function systemTime(): Date {
  return new Date()
}

async function loadJose(): Promise<Jose> {
  try {
    return await import('jose')
  } catch (cause) {
    throw new TypeError('jwt needs the package jose: npm install jose', { cause })
  }
}

function claimsReader(options: JwtOptions): (claims: Claims) => Identity {
  const user = textOption(options.user ?? 'sub', 'jwt: user')
  const group = options.group === undefined ? undefined : textOption(options.group, 'jwt: group')
  const own = (claims: Claims, name: string) => (Object.hasOwn(claims, name) ? claims[name] : undefined)

  return (claims) => {
    const name = own(claims, user)
    const isName = (typeof name === 'string' && name !== '') || (typeof name === 'number' && Number.isFinite(name))
    if (!isName) throw new TypeError(`the claim ${user} names no user`)

    const groupName = group === undefined ? undefined : own(claims, group)
    const isGroup = typeof groupName === 'string' && groupName !== ''
    return { kind: 'user', user: String(name), group: isGroup ? groupName : 'default', claims }
  }
}

function leewayOf(leeway: unknown): Micros {
  if (typeof leeway !== 'string') return integerOption(leeway ?? 0, 0, Number.MAX_SAFE_INTEGER, 'jwt: leeway')
  try {
    return parseDuration(leeway)
  } catch (cause) {
    throw new RangeError(`jwt: leeway: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function textsOption(value: string | readonly string[], option: string): string[] {
  const texts = typeof value === 'string' ? [value] : value
  if (!Array.isArray(texts) || texts.length === 0) throw new TypeError(`${option}: expected a text or a list of texts`)
  return texts.map((text) => textOption(text, option))
}
