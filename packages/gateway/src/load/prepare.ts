import type { Policy, RequestDescription } from 'spillway'
import { asRead, describedRequest } from '../explain/request.js'
import type { Client } from './clients.js'
import type { Draws } from './judge/draws.js'
import { toldDraws } from './judge/draws.js'
import { lineOf } from './judge/judge.js'
import { drawsUnder } from './judge/policy-draws.js'
import { share } from './judge/shares.js'
import type { PlannedRequest } from './plan.js'
import type { Target } from './target.js'

/** What the requests of a load are like. */
export interface RequestOptions {
  readonly method: string
  /** Each `NAME: VALUE`. */
  readonly header: readonly string[]
  readonly body?: string
  /** In place of the path of the target. */
  readonly path: readonly string[]
}

/** The requests of all clients, and how many users the policy takes them for. */
export interface Prepared {
  /** By client, and for each its targets. */
  readonly requests: readonly (readonly PlannedRequest[])[]
  readonly seen: number | undefined
}

/** Prepares the requests of clients. Throws a `RangeError` for a method, a header or a path that is none. */
export async function prepare(
  { url, family }: Target,
  clients: readonly Client[],
  options: RequestOptions,
  policy: Policy | undefined,
): Promise<Prepared> {
  const targets = targetsOf(url, options.path)
  const users = new Set<string>()
  const drawsOf = policy === undefined ? toldTo() : judgedBy(policy, users)
  const requests: PlannedRequest[][] = []
  for (const client of clients) {
    const lines = [...options.header, client.header]
    for (const line of lines) expectSendable(line)
    const planned: PlannedRequest[] = []
    for (const target of targets) {
      const from = family === 6 ? '::1' : '127.0.0.1'
      const described = describedRequest({ method: options.method, target, headers: lines, from })
      const line = lineOf(`${client.name}, ${options.method} ${target}`, await drawsOf(described))
      const message = { method: options.method, target, headers: lines.flatMap(nameAndValue), body: options.body }
      planned.push({ message, line })
    }
    requests.push(planned)
  }
  return { requests, seen: policy && users.size }
}

type DrawsOf = (request: RequestDescription) => Promise<Draws>

function toldTo(): DrawsOf {
  const everybody = share()
  return async () => toldDraws(everybody)
}

function judgedBy(policy: Policy, users: Set<string>): DrawsOf {
  const under = drawsUnder(policy)
  return async (request) => {
    const { draws, user } = await under(request)
    if (user !== undefined) users.add(user)
    return draws
  }
}

/** Path and query go as they are written: what a client may spell in several ways is sent in this one. */
function targetsOf(url: URL, paths: readonly string[]): readonly string[] {
  const wrong = paths.find((path) => !/^\/[\x21-\x7e]*$/.test(path) || path.includes('#'))
  if (wrong !== undefined) {
    throw new RangeError(`--path takes a path as on the request line, such as /towns?x=1, not ${JSON.stringify(wrong)}`)
  }
  return paths.length === 0 ? [url.pathname + url.search] : paths
}

/** What the sender sees to by itself (RFC 9110, 7.6.1): of `Connection` it is told at most whether to keep it. */
const CONNECTION =
  /^(connection:(?!\s*(close|keep-alive)\s*$)|(content-length|expect|keep-alive|transfer-encoding|upgrade):)/i

/** Throws a `RangeError` for a header that cannot be sent as it is; it never holds the value. */
function expectSendable(line: string): void {
  const [name, value] = nameAndValue(line)
  if (CONNECTION.test(line)) {
    throw new RangeError(`the header ${name.toLowerCase()} is the connection's own: leave it out`)
  }
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new RangeError(`the header ${name.toLowerCase()} has a line break or another control character in its value`)
  }
}

/** The value in the bytes of its UTF-8: of a text the sender takes each character for one byte. */
function nameAndValue(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), asRead(line.slice(colon + 1).trim())]
}
