import type { RequestDescription } from './identity.js'

/** A request for tests: the peer's address, headers by lower-case name, a session. */
export function request(
  address: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  session?: unknown,
): RequestDescription {
  return { method: 'GET', target: '/', address, session, header: (name) => headers[name] }
}
