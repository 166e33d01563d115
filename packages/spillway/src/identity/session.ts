import { onlyOptions, textOption } from '../core/options.js'
import type { IdentitySource } from './identity.js'

/** Options of `session`. */
export interface SessionOptions {
  /** Where the session holds the user's name or number; a dot leads into an object: `user.id`. Default: `user`. */
  readonly user?: string
  /** Where it holds the group. Default: `group`. */
  readonly group?: string
}

/**
 * Identifies a user by the session that a session middleware put on the request: any object will do (express-session,
 * iron-session, …). Without a user in it, it is nobody; without a group, the group is `default`. Throws `TypeError` for a
 * wrong option.
 */
export function session(options: SessionOptions = {}): IdentitySource {
  onlyOptions('session', options, ['user', 'group'])
  const userPath = textOption(options.user ?? 'user', 'session: user').split('.')
  const groupPath = textOption(options.group ?? 'group', 'session: group').split('.')

  return (request) => {
    const user = nameAt(request.session, userPath)
    if (user === undefined) return undefined
    return { kind: 'user', user, group: nameAt(request.session, groupPath) ?? 'default' }
  }
}

function nameAt(session: unknown, path: readonly string[]): string | undefined {
  let value = session
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, name)
  }
  return nameOf(value)
}

function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  return Number.isFinite(value) || typeof value === 'bigint' ? String(value) : undefined
}
