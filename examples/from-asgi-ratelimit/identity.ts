import type { IdentitySource } from 'spillway'
import { clientIp, jwt, session } from 'spillway/identity'

const MEMBERS: Readonly<Record<string, string>> = { 'key-of-mia': 'mia', 'key-of-noah': 'noah', 'key-of-ada': 'ada' }
const ADMINS: ReadonlySet<string> = new Set(['ada'])

/** An authenticate function of one's own. Nobody, where asgi-ratelimit wants `EmptyInformation`; it may also be async. */
export const members: IdentitySource = async (request) => {
  const user = await memberWith(request.header('x-api-key') ?? '')
  return user === undefined ? undefined : { kind: 'user', user, group: ADMINS.has(user) ? 'admin' : 'default' }
}

/** Stands for a look-up in a database. */
function memberWith(key: string): Promise<string | undefined> {
  return Promise.resolve(Object.hasOwn(MEMBERS, key) ? MEMBERS[key] : undefined)
}

/** `client_ip`: the address of the connection, or what the proxies that are named here say. */
export const byAddress: IdentitySource = clientIp({ trustedProxies: ['127.0.0.0/8'], header: 'X-Real-IP' })

/** `from_session`: `user` and `group` of the session that a session middleware put on the request. */
export const bySession: IdentitySource = session()

/** `create_jwt_auth(key, "HS256")`: a token that does not verify is 401, as it was an error there. */
export function byToken(secret: string): IdentitySource {
  return jwt({ secret, algorithms: ['HS256'], user: 'user', group: 'group', onInvalidToken: 'deny' })
}
