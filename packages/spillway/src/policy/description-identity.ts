import { addressSet } from '../identity/address.js'
import { IPV6_NETWORK, IPV6_PREFIX } from '../identity/hop.js'
import { PUBLIC_KEY_ALGORITHMS, SHARED_KEY_ALGORITHMS } from '../identity/jwt-algorithms.js'
import { inside, report } from './place.js'
import type { ClientIpConfig, HeaderConfig, IdentityConfig, JwtConfig } from './policy.js'
import type { Shape } from './shape.js'
import { boolean, described, exactlyOne, integer, made, oneOf, string } from './shape.js'
import { list, map, object, oneKey, oneOrList, optional, union } from './shape-composite.js'
import { plainData } from './shape-plain.js'
import { duration, headerName, url } from './shape-text.js'

const algorithm = made(string({ noun: 'text such as RS256', max: 32 }), (value, at, issues) => {
  if (value.toLowerCase() === 'none') return report(issues, at, 'accepts forged tokens: `none` is never allowed')
  const known = oneOf(...SHARED_KEY_ALGORITHMS, ...PUBLIC_KEY_ALGORITHMS)
  return known.parse(value, at, issues)
})

const pem = made(string({ noun: 'text (PEM)' }), (value, at, issues) => {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value))
    return report(issues, at, 'is a private key: give the public one')
  const known = /^\s*-----BEGIN (PUBLIC KEY|CERTIFICATE)-----/.test(value)
  return known ? value : report(issues, at, 'must be a PEM text that begins with -----BEGIN PUBLIC KEY-----')
})

const jsonWebKey = made(plainData(), (value, at, issues) => {
  if (typeof value.kty !== 'string') return report(issues, at, 'must be a JSON Web Key: it has no `kty`')
  if (value.kty === 'oct') return report(issues, at, 'is a shared secret: write it as `secret`')
  return 'd' in value ? report(issues, at, 'is a private key: give the public one') : value
})

const jwtObject = object({
  secret: optional(described(string(), 'A shared secret, for HS256, HS384 and HS512.')),
  publicKey: optional(described(union(pem, jsonWebKey), 'A public key: PEM (SPKI or certificate), or a JSON Web Key.')),
  jwks: optional(
    described(url(['https:', 'http:'], 'the URL of a JSON Web Key Set'), 'The URL of a JSON Web Key Set.'),
  ),
  algorithms: described(oneOrList(algorithm), 'The only algorithms that are accepted.', { examples: [['RS256']] }),
  user: optional(described(string({ max: 256 }), 'The claim with the name of the user. Default: sub.')),
  group: optional(described(string({ max: 256 }), 'The claim with the group. Absent: every user is in group default.')),
  issuer: optional(described(oneOrList(string()), 'The accepted issuers (`iss`).')),
  audience: optional(described(oneOrList(string()), 'The accepted audiences (`aud`).')),
  leeway: optional(described(duration({ min: 0 }), 'Tolerance for clocks that differ.')),
  header: optional(described(headerName(), 'The header with the token. Default: Authorization, with Bearer.')),
  onInvalidToken: optional(
    described(oneOf('ignore', 'deny'), 'A token that does not verify: ask the next source (default), or answer 401.'),
  ),
})

const signed = described(jwtObject, 'A JSON Web Token.', exactlyOne('secret', 'publicKey', 'jwks'))

const jwt: Shape<JwtConfig> = made(signed, (value, at, issues) => {
  const keys = (['secret', 'publicKey', 'jwks'] as const).filter((key) => value[key] !== undefined)
  if (keys.length !== 1) {
    return report(issues, at, 'must have exactly one of `secret`, `publicKey` and `jwks`')
  }
  const fitting = keys[0] === 'secret' ? SHARED_KEY_ALGORITHMS : PUBLIC_KEY_ALGORITHMS
  const unfit = value.algorithms.filter((each) => !fitting.includes(each))
  if (unfit.length === 0) return value
  const place = inside(at, 'algorithms')
  return report(issues, place, `${unfit.join(', ')} cannot go with \`${keys[0]}\`: take ${fitting.join(', ')}`)
})

const headerObject = object({
  name: described(headerName(), 'The name of the header.'),
  groups: optional(described(map(string({ max: 256 })), 'The known keys, each with its group.')),
  verified: optional(described(boolean(), 'Somebody in front has checked the header: take any value. Default: false.')),
})

const header: Shape<HeaderConfig> = made(headerObject, (value, at, issues) => {
  const { verified = false } = value
  if (verified || value.groups !== undefined) return { ...value, verified }
  return report(
    issues,
    at,
    'lets anyone invent a fresh budget: list the known keys under `groups`, or say `verified: true` where somebody in front has checked it',
  )
})

const addressRange = made(string({ noun: 'text such as 10.0.0.0/8', max: 128 }), (value, at, issues) => {
  try {
    addressSet([value], 'trustedProxies')
    return value
  } catch {
    return report(issues, at, 'must be an address, or a range such as 10.0.0.0/8 or fd00::/8')
  }
})

const ipObject = object({
  trustedProxies: optional(
    described(list(addressRange), 'Addresses and CIDR ranges whose forwarding header is believed. Default: none.'),
  ),
  header: optional(
    described(headerName(), 'The forwarding header. Default: X-Forwarded-For; Forwarded is read by RFC 7239.'),
  ),
  ipv6Prefix: optional(
    described(integer({ min: 1, max: 128 }), 'The leading bits of an IPv6 address that are one client. Default: 64.'),
  ),
  ipv6Network: optional(
    described(integer({ min: 1, max: 128 }), 'The leading bits that `partition: network` keeps. Default: 48.'),
  ),
})

const ip: Shape<ClientIpConfig> = made(ipObject, (value, at, issues) => {
  const { ipv6Prefix = IPV6_PREFIX, ipv6Network = Math.min(IPV6_NETWORK, ipv6Prefix) } = value
  if (ipv6Network <= ipv6Prefix) return value
  return report(issues, inside(at, 'ipv6Network'), `must be wider than \`ipv6Prefix\`: at most ${ipv6Prefix} bits`)
})

const sources = oneKey({
  jwt: described(jwt, 'A JSON Web Token.'),
  header: described(header, 'A header with a key, or with a name that somebody in front has checked.'),
  ip: described(ip, 'The address of the client. Finds everyone, so it comes last.'),
})

const source: Shape<IdentityConfig> = made(sources, ({ key, value }): IdentityConfig => {
  switch (key) {
    case 'jwt':
      return { source: key, options: value }
    case 'header':
      return { source: key, options: value }
    case 'ip':
      return { source: key, options: value }
  }
})

/** The sources of identity, in order. One that stands after `ip` would never be asked. */
export const identity: Shape<readonly IdentityConfig[]> = described(
  made(list(source), (given, at, issues) => {
    const ipAt = given.findIndex((each) => each.source === 'ip')
    if (ipAt === -1 || ipAt === given.length - 1) return given
    return report(issues, inside(at, ipAt + 1), 'is never asked: `ip` before it finds everyone, so put `ip` last')
  }),
  'How to find out who asks: in order, the first that finds someone wins.',
)
