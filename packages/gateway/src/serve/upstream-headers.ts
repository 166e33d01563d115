import { isHopByHop, namedByConnection } from './hop-by-hop.js'
import type { IdentifyingHeaders } from './identifying-headers.js'

/** The connection that a request came on. */
export interface Hop {
  /** The peer's address. */
  readonly peer: string
  /** Whether the policy believes what the peer says of the client (`trustedProxies`). */
  readonly trusted: boolean
  /** Whether the request came over TLS. */
  readonly encrypted: boolean
}

/** The part of a request's head that forwarding looks at. */
export interface RequestHead {
  readonly httpVersion: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly headers: { readonly connection?: string | undefined; readonly host?: string | undefined }
}

/** `Expect` is answered here; the others are written anew, last. */
const OWN: ReadonlySet<string> = new Set(['expect', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'])

/**
 * The headers of the request to the upstream, names and values in turn. Hop-by-hop fields and those that `Connection`
 * names go first, so that a client deletes none of ours, which come last: `X-Forwarded-For` with the peer appended,
 * `X-Forwarded-Proto` and `-Host` (a client's own only past a trusted hop), `Via`. `Host` passes unchanged. What else
 * tells where a request comes from passes from trusted hops alone. A name with an underscore that an upstream could take
 * for a header that identifies somebody is dropped.
 */
export function upstreamHeaders(request: RequestHead, hop: Hop, identifying: IdentifyingHeaders): string[] {
  const raw = request.rawHeaders
  const kept = keeper(request, hop, identifying)
  const headers: string[] = []
  const told: Told = { for: '', proto: undefined, host: undefined }

  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase()
    const value = raw[i + 1] as string
    if (OWN.has(name)) hear(told, name, value)
    else if (kept(name)) headers.push(name, value)
  }

  addOwn(headers, told, request, hop)
  return headers
}

function keeper(request: RequestHead, hop: Hop, identifying: IdentifyingHeaders): (name: string) => boolean {
  const named = namedByConnection(request.headers.connection)
  return (name) =>
    !isHopByHop(name, named) && !isTwin(name, identifying.guarded) && (hop.trusted || !identifying.forwarding.has(name))
}

function addOwn(headers: string[], told: Told, request: RequestHead, hop: Hop): void {
  const proto = hop.trusted ? told.proto : undefined
  const host = (hop.trusted ? told.host : undefined) ?? request.headers.host
  headers.push('x-forwarded-for', told.for === '' ? hop.peer : `${told.for}, ${hop.peer}`)
  headers.push('x-forwarded-proto', proto ?? (hop.encrypted ? 'https' : 'http'))
  if (host !== undefined) headers.push('x-forwarded-host', host)
  headers.push('via', `${request.httpVersion} spillway`)
}

interface Told {
  for: string
  proto: string | undefined
  host: string | undefined
}

function hear(told: Told, name: string, value: string): void {
  if (name === 'x-forwarded-for') told.for = told.for === '' ? value : `${told.for}, ${value}`
  else if (name === 'x-forwarded-proto') told.proto = value
  else if (name === 'x-forwarded-host') told.host = value
}

/** Many servers read `x_api_key` and `x-api-key` as one variable; a client could so speak past the check of the real one. */
function isTwin(name: string, guarded: ReadonlySet<string>): boolean {
  return name.includes('_') && guarded.has(name.replaceAll('_', '-'))
}
