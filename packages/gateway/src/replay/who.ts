import type { Identity, IdentityConfig, IdentitySource, Policy, RequestDescription } from 'spillway'
import { clientIp, header } from 'spillway/identity'
import type { LogLine } from '../logs/log-line.js'
import { plainText } from '../spelling/plain-text.js'
import type { Client } from './tally/clients.js'

/** What of a log says who asked, where it is not what the policy says. */
export type UserField =
  | { readonly by: 'address' }
  | { readonly by: 'remote-user' }
  | { readonly by: 'header' | 'query'; readonly name: string }

/** Groups by the name of a user, a key or an address. */
export type GroupOf = ReadonlyMap<string, string>

/** Who asks, where the log says it otherwise than the policy. */
export interface Asking {
  readonly user?: UserField
  readonly groups: GroupOf
}

/** A line of a log as a guard wants it described. */
export interface LoggedRequest extends RequestDescription {
  /** The line that it stands for now. */
  line: LogLine
}

/** Under this name a source asks for the parameter of the query, which no header has. */
const QUERY = 'spillway-replay-query'

/**
 * The sources of identity that a log can answer, in the policy's order: a token is not in a log, so the user that the log
 * names stands for the one in it. `user`, where it is there, is asked before all. In the end the address counts as the
 * log has it, even where it is a host's name. They are asked about `request`, whichever line it stands for by then.
 */
export function logSources(
  policy: Policy,
  { user, groups }: Asking,
  request: LoggedRequest,
): readonly IdentitySource[] {
  const remoteUser = () => userOf(request.line)
  const named = user === undefined ? [] : [userSource(user, groups, remoteUser)]
  const own = policy.identity.map((config) => sourceOf(config, groups, remoteUser))
  const anyone = policy.anonymous === 'address' ? [clientIp(), hostName] : []
  return [...named, ...own, ...anyone]
}

/** The request that a line tells of, of which `user` may ask for a parameter. */
export function loggedRequest(line: LogLine, user: UserField | undefined): LoggedRequest {
  return {
    line,
    get method() {
      return this.line.method.text
    },
    get target() {
      return this.line.target.text
    },
    get address() {
      return this.line.address.text
    },
    header(name) {
      if (name === QUERY) return user?.by === 'query' ? parameterOf(this.line.target.text, user.name) : undefined
      return name === 'user-agent' ? this.line.userAgent?.text : this.line.fields?.get(name)
    },
  }
}

function sourceOf(config: IdentityConfig, groups: GroupOf, remoteUser: IdentitySource): IdentitySource {
  switch (config.source) {
    case 'jwt':
      return remoteUser
    case 'header':
      return header({ ...config.options, groups: new Map([...(config.options.groups ?? []), ...groups]) })
    case 'ip':
      return clientIp(config.options)
  }
}

function userSource(user: UserField, groups: GroupOf, remoteUser: IdentitySource): IdentitySource {
  switch (user.by) {
    case 'address':
      return clientIp()
    case 'remote-user':
      return remoteUser
    case 'header':
      return header({ name: user.name, verified: true, groups })
    case 'query':
      return header({ name: QUERY, verified: true, groups })
  }
}

function userOf({ user }: LogLine): Identity | undefined {
  return user && { kind: 'user', user: user.text, group: 'default' }
}

/** Requests without an address are of one client, as for the guard. */
function hostName({ address = '-' }: RequestDescription): Identity {
  return { kind: 'ip', user: address === '' || address === '-' ? 'unknown' : address, group: 'default' }
}

function parameterOf(target: string, name: string): string | undefined {
  const query = target.indexOf('?')
  if (query === -1) return undefined
  const sent = Buffer.from(target.slice(query), 'latin1').toString()
  return new URLSearchParams(sent).get(name) ?? undefined
}

/**
 * What is to be said where no line has what `--user` names: then it told nobody apart. Absent where some line has it, and
 * where nobody came.
 */
export function unheard(user: UserField | undefined, clients: Iterable<Client>): string | undefined {
  const [first, ...others] = clients
  if (user === undefined || user.by === 'address' || first === undefined) return undefined
  const kind = user.by === 'remote-user' ? 'user' : 'key'
  if ([first, ...others].some(({ identity }) => identity.kind === kind)) return undefined
  return `${missing(user)}: --user tells nobody apart, and addresses count`
}

function missing(user: Exclude<UserField, { by: 'address' }>): string {
  switch (user.by) {
    case 'header':
      return `no line has the header ${user.name}`
    case 'query':
      return `no line has ${plainText(user.name)} in its query`
    case 'remote-user':
      return 'no line names a user'
  }
}
