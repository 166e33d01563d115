import type { Field } from 'spillway'
import { isHopByHop, namedByConnection } from './hop-by-hop.js'

/** A list that several parties add to; every other field of ours replaces the upstream's. */
const SHARED_LIST = 'access-control-expose-headers'

/**
 * The headers of the answer to the client, names and values in turn: the upstream's (`raw`, in turn too) without its
 * hop-by-hop fields, without a length where an answer of this status must tell none (RFC 9110, 8.6), and without those
 * that `own` sets; then `own`.
 */
export function clientHeaders(status: number, raw: readonly string[], own: readonly Field[]): string[] {
  const lengthless = status < 200 || status === 204
  const named = namedByConnection(joinedField(raw, 'connection'))
  const headers: string[] = []

  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string
    const lower = name.toLowerCase()
    if (lengthless && lower === 'content-length') continue
    if (!isHopByHop(lower, named) && !isReplaced(lower, own)) headers.push(name, raw[i + 1] as string)
  }
  for (const [name, value] of own) headers.push(name, value)
  return headers
}

/** The value of a field of `raw`, its lines joined to one list; `name` in lower case. Absent where it has none. */
export function joinedField(raw: readonly string[], name: string): string | undefined {
  let joined: string | undefined
  for (let i = 0; i < raw.length; i += 2) {
    const field = raw[i] as string
    if (field.length !== name.length || field.toLowerCase() !== name) continue
    joined = joined === undefined ? raw[i + 1] : `${joined},${raw[i + 1]}`
  }
  return joined
}

function isReplaced(name: string, own: readonly Field[]): boolean {
  for (const [field] of own) {
    if (field.length === name.length && field.toLowerCase() === name) return name !== SHARED_LIST
  }
  return false
}
