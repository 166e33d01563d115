import type { Place } from './place.js'
import { report } from './place.js'
import type { PolicyIssue } from './policy-error.js'
import type { ServerAddress } from './redis-config.js'
import type { Shape } from './shape.js'
import { made, string } from './shape.js'

/** What the URL of a server says. No fault of one shows any of it: it may hold a password. */
export interface RedisUrl {
  readonly address: ServerAddress
  /** `rediss:` is TLS; absent where no URL was written but `HOST:PORT`. */
  readonly scheme?: 'redis:' | 'rediss:'
  readonly username?: string
  readonly password?: string
  readonly database?: number
}

const BESIDE = 'write `username` and `password` beside it'

/** `redis://user:password@host:port/database`, or `rediss://…` for TLS. The port is 6379 unless said otherwise. */
export function redisUrl(noun: string, port = 6_379): Shape<RedisUrl> {
  const hint = `must be ${noun} that starts with redis:// or rediss://`
  const text = string({ noun, max: 2_048, pattern: /^[rR][eE][dD][iI][sS][sS]?:\/\//, hint })
  return made(text, (value, at, issues) => {
    if (!URL.canParse(value)) {
      return report(
        issues,
        at,
        `is no URL: special characters of a user or a password must be percent-encoded, or ${BESIDE}`,
      )
    }
    return readUrl(new URL(value), port, at, issues)
  })
}

/** A server of several: `HOST:PORT`, or a URL without user, password and database, which are the same for all. */
export function redisNode(port: number): Shape<RedisUrl> {
  const noun = 'text such as 127.0.0.1:7000'
  const url = redisUrl(noun, port)
  return made(string({ noun, max: 2_048 }), (value, at, issues) => {
    if (!value.includes('://')) return readHostAndPort(value, at, issues)
    const node = url.parse(value, at, issues)
    if (node?.password !== undefined || node?.username !== undefined) {
      return report(issues, at, 'must have no user and password: they are written once, as `username` and `password`')
    }
    if (node?.database !== undefined) return report(issues, at, 'must end after the port')
    return node
  })
}

function readUrl(url: URL, defaultPort: number, at: Place, issues: PolicyIssue[]): RedisUrl | undefined {
  const host = hostOf(url.hostname)
  if (host === undefined) return report(issues, at, 'must name a host, such as redis://127.0.0.1:6379')
  if (url.port === '0') return report(issues, at, 'has port 0: a port is from 1 to 65535')
  const [, database] = /^\/?(\d{0,6})$/.exec(url.pathname + url.search + url.hash) ?? []
  if (database === undefined) return report(issues, at, 'must end after the port, or with the number of a database')

  const username = decoded(url.username)
  const password = decoded(url.password)
  if (username === undefined || password === undefined) {
    return report(issues, at, `has a broken percent sequence in its user or password: write % as %25, or ${BESIDE}`)
  }
  return {
    address: { host, port: url.port === '' ? defaultPort : Number(url.port) },
    scheme: url.protocol === 'rediss:' ? 'rediss:' : 'redis:',
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(database !== '' && { database: Number(database) }),
  }
}

function readHostAndPort(text: string, at: Place, issues: PolicyIssue[]): RedisUrl | undefined {
  const [, name = '', digits] = /^(.+):(\d{1,5})$/.exec(text) ?? []
  const host = hostOf(name)
  const port = Number(digits)
  if (host !== undefined && port >= 1 && port <= 65_535) return { address: { host, port } }
  return report(issues, at, 'must be HOST:PORT or a URL, such as 127.0.0.1:7000 or "[::1]:7000"')
}

/** The host without the brackets of an IPv6 address; nothing where it is none. */
function hostOf(text: string): string | undefined {
  const [, ipv6, name] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))$/.exec(text) ?? []
  return ipv6 ?? name
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
