import { MILLISECOND, SECOND } from '../core/units.js'
import { inside, report } from './place.js'
import type { GatewayConfig } from './policy.js'
import type { Shape } from './shape.js'
import { described, made, string } from './shape.js'
import { object, optional, union } from './shape-composite.js'
import { duration, hostAndPort, url } from './shape-text.js'

const file = string({ max: 4_096 })

/** Where the gateway listens. */
export const listen: Shape<NonNullable<GatewayConfig['listen']>> = described(
  union(
    made(hostAndPort(), (address) => ({ address })),
    object({
      address: described(hostAndPort(), 'HOST:PORT; [::]:8080 is both families.'),
      tls: optional(
        described(
          object({
            cert: described(file, 'A PEM file with the certificate and its chain.'),
            key: described(file, 'A PEM file with the private key.'),
          }),
          'Serve HTTPS.',
        ),
      ),
    }),
  ),
  'Where the gateway listens.',
  { examples: ['127.0.0.1:8080'] },
)

const upstreamUrl = made(url(['http:', 'https:'], 'the URL of a service'), (value, at, issues) => {
  const { pathname, search, hash, username, password } = new URL(value)
  if (username !== '' || password !== '') return report(issues, at, 'must have no user and password')
  if (pathname === '/' && search === '' && hash === '') return value
  return report(issues, at, 'must end after the port: the path of the request is forwarded as it is')
})

const upstreamObject = object({
  url: described(upstreamUrl, 'The service that is protected.'),
  timeout: optional(described(duration({ min: MILLISECOND }), 'Past it the answer is 504. Default: 30s.')),
  tls: optional(
    described(
      object({
        ca: optional(
          described(file, 'A PEM file with the authorities that sign the upstream, instead of the usual ones.'),
        ),
        cert: optional(described(file, 'A PEM file with the certificate that the gateway shows.')),
        key: optional(described(file, 'A PEM file with its private key.')),
      }),
      'How to speak HTTPS to the upstream.',
    ),
  ),
})

/** The service behind the gateway. */
export const upstream: Shape<NonNullable<GatewayConfig['upstream']>> = described(
  union(
    made(upstreamUrl, (text) => ({ url: text, timeout: 30 * SECOND })),
    made(upstreamObject, (value, at, issues) => {
      const { tls, timeout = 30 * SECOND } = value
      if (tls !== undefined && !value.url.toLowerCase().startsWith('https:')) {
        return report(issues, inside(at, 'tls'), 'needs an upstream whose URL starts with https://')
      }
      if ((tls?.cert === undefined) !== (tls?.key === undefined)) {
        return report(issues, inside(at, 'tls'), 'must have both `cert` and `key`, or neither')
      }
      return { ...value, timeout }
    }),
  ),
  'The service that is protected.',
  { examples: ['http://127.0.0.1:3000'] },
)

/** A secret that was read from a file often ends with a line break; then no request would ever bring it. */
const TOKEN = {
  max: 1_024,
  pattern: /^[!-~]+$/,
  hint: 'must be ASCII without spaces or line breaks: no request can carry others',
}

const adminObject = object({
  listen: described(hostAndPort(), 'HOST:PORT, on loopback unless there is a token.'),
  token: optional(described(string(TOKEN), 'What `Authorization: Bearer` must carry for /api/v1/.')),
})

/** The admin listener. Off loopback it needs a token. */
export const admin: Shape<NonNullable<GatewayConfig['admin']>> = described(
  made(adminObject, (value, at, issues) => {
    if (value.token !== undefined || isLoopback(value.listen)) return value
    return report(
      issues,
      inside(at, 'token'),
      `is missing: ${value.listen} is not on loopback, so it must have a token`,
    )
  }),
  'The admin listener: health, metrics and /api/v1/.',
)

function isLoopback(address: string): boolean {
  return /^(127(\.\d{1,3}){3}|\[::1\]|localhost):/i.test(address)
}
