/** Fields that mean one connection alone, and those that only a proxy may answer (RFC 9110, 7.6.1 and 11.7). Lower case. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

/** Without these a message is read otherwise than it was meant, so `Connection` cannot take them away. */
const FRAMING: ReadonlySet<string> = new Set(['host', 'content-length', 'content-type', 'content-encoding'])

const NONE: ReadonlySet<string> = new Set()

/** Whether a field (lower case) stops here: for what it is, or because `Connection` names it. */
export function isHopByHop(name: string, named: ReadonlySet<string>): boolean {
  return HOP_BY_HOP.has(name) || (named.size > 0 && named.has(name))
}

/** The fields that a `Connection` field names, lower case. */
export function namedByConnection(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return NONE

  const names = connection.split(',').map((name) => name.trim().toLowerCase())
  return new Set(names.filter((name) => name !== '' && !FRAMING.has(name)))
}
