import { isIP } from 'node:net'
import type { RequestDescription } from 'spillway'

/** A request as the command line spells it. */
export interface RequestWords {
  readonly method: string
  readonly target: string
  /** Each `NAME: VALUE`. */
  readonly headers: readonly string[]
  /** Absent: nothing tells where the connection comes from. */
  readonly from: string | undefined
}

const HEADER = /^([!#$%&'*+.^`|~\w-]+):[ \t]*(.*)$/s

/** A text as Node reads it off the wire: each byte of its UTF-8 is a character. */
export function asRead(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/**
 * The request that these words describe, as the gateway would get it. Throws a `RangeError` that never holds a header's
 * value.
 */
export function describedRequest({ method, target, headers: lines, from }: RequestWords): RequestDescription {
  if (!/^[!#$%&'*+.^`|~\w-]+$/.test(method)) throw new RangeError('the method is a word, as on the request line: GET')
  if (from !== undefined && isIP(from) === 0) throw new RangeError('--from takes an address, such as 203.0.113.7')
  const headers = new Map<string, string>()
  for (const [i, line] of lines.entries()) {
    const [, name, text] = HEADER.exec(line) ?? []
    if (name === undefined || text === undefined) {
      throw new RangeError(`--header number ${i + 1} is not of the form "name: value"`)
    }
    const value = asRead(text.trim())
    const known = headers.get(name.toLowerCase())
    headers.set(name.toLowerCase(), known === undefined ? value : `${known}, ${value}`)
  }
  return { method, target: asRead(target), address: from, header: (name) => headers.get(name) }
}
