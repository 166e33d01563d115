import { nearest } from '../core/nearest.js'
import { MILLISECOND, SECOND } from '../core/units.js'
import type { Place } from './place.js'
import { inside, report } from './place.js'
import type { GatewayConfig } from './policy.js'
import type { PolicyIssue } from './policy-error.js'
import type { RedisConfig, RedisServers } from './redis-config.js'
import type { RedisUrl } from './redis-url.js'
import { redisNode, redisUrl } from './redis-url.js'
import type { Shape } from './shape.js'
import { described, exactlyOne, integer, made, string } from './shape.js'
import type { ValueOf } from './shape-composite.js'
import { object, oneOrList, optional, union } from './shape-composite.js'
import { duration } from './shape-text.js'

/** Every request may wait so long for a server that hangs. */
const LONGEST_TIMEOUT = 10 * SECOND

const credential = string({ max: 4_096 })
const file = string({ max: 4_096 })

const tls = object({
  ca: optional(described(file, 'A PEM file with the authorities that sign the servers, instead of the usual ones.')),
  cert: optional(described(file, 'A PEM file with the certificate that is shown to them.')),
  key: optional(described(file, 'A PEM file with its private key.')),
  serverName: optional(
    described(string({ max: 253 }), 'The name in their certificate. Default: the host that is connected to.'),
  ),
})

const timeout = made(duration({ min: MILLISECOND }), (span, at, issues) =>
  span <= LONGEST_TIMEOUT
    ? span
    : report(issues, at, 'must be at most 10s: requests wait so long for a server that hangs'),
)

const prefix = string({
  pattern: /^[^{}]*$/,
  hint: 'must have no braces: in a cluster they would put every key on one node',
  max: 128,
})

const sentinel = object({
  name: described(string({ max: 256 }), 'What the sentinels call the master.'),
  nodes: described(oneOrList(redisNode(26_379)), 'The sentinels, as HOST:PORT or URL.'),
  username: optional(described(credential, 'The user at the sentinels.')),
  password: optional(described(credential, 'The password at the sentinels.')),
})

const redisObject = object({
  url: optional(described(redisUrl('the URL of a Redis server'), 'One server: redis://…, or rediss://… for TLS.')),
  cluster: optional(described(oneOrList(redisNode(6_379)), 'Some nodes of a cluster, as HOST:PORT or URL.')),
  sentinel: optional(described(sentinel, 'The name of the master, and the sentinels that know it.')),
  username: optional(described(credential, 'Default: the user of the server that is called default.')),
  password: optional(described(credential, 'Instead of one in the URL.')),
  database: optional(described(integer({ min: 0, max: 999_999 }), 'Its number. Default: 0.')),
  tls: optional(described(tls, 'How to speak TLS: the files, or {} where the usual authorities sign.')),
  prefix: optional(described(prefix, 'What every key starts with. Default: spillway:')),
  timeout: optional(described(timeout, 'How long an answer may take. Default: 50ms.')),
  replicas: optional(
    described(
      integer({ min: 1, max: 100_000 }),
      'How many processes share the limits while each counts alone. Default: they are counted.',
    ),
  ),
})

type RedisObject = ValueOf<(typeof redisObject)['fields']>

const servers = described(redisObject, 'Where Redis or Valkey is.', exactlyOne('url', 'cluster', 'sentinel'))

const redis: Shape<RedisConfig> = made(servers, (value, at, issues) => {
  const given = [value.url, value.cluster, value.sentinel].filter((each) => each !== undefined)
  if (given.length !== 1) return report(issues, at, 'must have exactly one of `url`, `cluster` and `sentinel`')

  const before = issues.length
  reportTwice(value, at, issues)
  reportCredentials(value, at, issues)
  reportTls(value, at, issues)
  return issues.length > before ? undefined : configOf(value)
})

function configOf(value: RedisObject): RedisConfig {
  const { url, prefix: start, timeout: longest, replicas } = value
  const { username = url?.username, password = url?.password, database = url?.database ?? 0 } = value
  return {
    servers: serversOf(value),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    database,
    ...((value.tls ?? nodesOf(value).some(isSecure)) && { tls: value.tls ?? {} }),
    ...(start !== undefined && { prefix: start }),
    ...(longest !== undefined && { timeout: longest }),
    ...(replicas !== undefined && { replicas }),
  }
}

function serversOf({ url, cluster, sentinel: watched }: RedisObject): RedisServers {
  if (url !== undefined) return { kind: 'single', address: url.address }
  if (watched === undefined) return { kind: 'cluster', nodes: (cluster ?? []).map(({ address }) => address) }
  return { ...watched, kind: 'sentinel', nodes: watched.nodes.map(({ address }) => address) }
}

function nodesOf({ url, cluster = [], sentinel: watched }: RedisObject): readonly RedisUrl[] {
  return url === undefined ? (watched?.nodes ?? cluster) : [url]
}

function isSecure({ scheme }: RedisUrl): boolean {
  return scheme === 'rediss:'
}

/** What the URL says too must not be said again: one of the two would be overlooked. */
function reportTwice(value: RedisObject, at: Place, issues: PolicyIssue[]): void {
  for (const key of ['username', 'password', 'database'] as const) {
    if (value[key] !== undefined && value.url?.[key] !== undefined) {
      report(issues, inside(at, key), 'stands in `url` too: write it in one place')
    }
  }
  if (value.cluster !== undefined && (value.database ?? 0) !== 0) {
    report(issues, inside(at, 'database'), 'must be 0, or left out: a cluster has no other database')
  }
}

function reportCredentials(value: RedisObject, at: Place, issues: PolicyIssue[]): void {
  const { username = value.url?.username, password = value.url?.password, sentinel: watched } = value
  const needed = 'has no effect without a `password`'
  if (username !== undefined && password === undefined) {
    report(issues, inside(at, value.username === undefined ? 'url' : 'username'), needed)
  }
  if (watched?.username !== undefined && watched.password === undefined) {
    report(issues, inside(inside(at, 'sentinel'), 'username'), needed)
  }
}

function reportTls(value: RedisObject, at: Place, issues: PolicyIssue[]): void {
  const nodes = nodesOf(value)
  const inTheClear = nodes.some(({ scheme }) => scheme === 'redis:')
  if (inTheClear && nodes.some(isSecure)) {
    report(issues, at, 'mixes redis:// and rediss://: either all of them speak TLS, or none does')
  } else if (inTheClear && value.tls !== undefined) {
    report(issues, inside(at, 'tls'), 'needs a URL that starts with rediss://')
  }
  if ((value.tls?.cert === undefined) !== (value.tls?.key === undefined)) {
    report(issues, inside(at, 'tls'), 'must have both `cert` and `key`, or neither')
  }
}

const plainUrl = redisUrl('`memory` or the URL of a Redis server')

const storeText = made(
  string({ noun: 'text such as memory' }),
  (text, at, issues): GatewayConfig['store'] | undefined => {
    if (text === 'memory') return text
    const meant = nearest(text, ['memory'])
    if (meant !== undefined) return report(issues, at, `is no store: did you mean \`${meant}\`?`)

    const before = issues.length
    const url = plainUrl.parse(text, at, issues)
    if (url === undefined) return undefined
    if (url.username !== undefined && url.password === undefined) report(issues, at, 'has a user without a password')
    return issues.length > before ? undefined : { redis: configOf({ url }) }
  },
)

/** Where the counts are kept. */
export const store: Shape<GatewayConfig['store']> = described(
  union(storeText, object({ redis: described(redis, 'Redis or Valkey: one server, a cluster, or sentinels.') })),
  'Where the counts are kept. Default: memory.',
  {
    examples: ['memory', 'redis://127.0.0.1:6379', { redis: { url: 'rediss://redis.internal:6379', timeout: '50ms' } }],
  },
)
