/**
 * How a forwarding header lists its hops. Both syntaxes are read from the right, so that nothing a client wrote on the
 * left can change how a trusted proxy's own part is understood.
 */
export interface ForwardingSyntax {
  /** Where the last element of `value.slice(0, end)` starts; absent where it is longer than any honest one. */
  lastElement(value: string, end: number): number | undefined
  /** The text of the address in an element, perhaps with a port; absent where there is none. */
  address(element: string): string | undefined
}

/** More than any honest element needs; it bounds the work on a hostile one. */
const LONGEST_ELEMENT = 512

/** `X-Forwarded-For` and its kin: addresses with commas between them. A single address is a list of one. */
export const addressList: ForwardingSyntax = {
  lastElement(value, end) {
    for (let at = end; at > 0; at--) {
      if (value[at - 1] === ',') return at
      if (end - at === LONGEST_ELEMENT) return undefined
    }
    return 0
  },
  address: (element) => element.trim() || undefined,
}

/** `Forwarded` (RFC 7239, 4): elements of `name=value` pairs; a value with a comma in it is in quotes. */
export const forwarded: ForwardingSyntax = {
  lastElement(value, end) {
    let quoted = false
    for (let at = end; at > 0; at--) {
      const character = value[at - 1]
      if (character === ',' && !quoted) return at
      if (character === '"' && !(quoted && isEscaped(value, at - 1))) quoted = !quoted
      if (end - at === LONGEST_ELEMENT) return undefined
    }
    return 0
  },
  address(element) {
    const node = pairs(element)?.get('for')
    return node === undefined ? undefined : addressOfNode(node)
  },
}

function isEscaped(value: string, at: number): boolean {
  let backslashes = 0
  while (value[at - 1 - backslashes] === '\\') backslashes++
  return backslashes % 2 === 1
}

/** A pair and what parts it from the next; RFC 7239 has no white space there, but proxies do. */
const PAIR = /[\t ]*([!#$%&'*+.^`|~\w-]+)=(?:([!#$%&'*+.^`|~\w-]+)|"((?:[^"\\]|\\.)*)")[\t ]*(?:;|$)/y

/** The pairs of one element by lower-case name; absent where it is malformed or says the same thing twice. */
function pairs(element: string): Map<string, string> | undefined {
  const found = new Map<string, string>()
  PAIR.lastIndex = 0

  while (PAIR.lastIndex < element.length) {
    const [, name = '', token, quoted = ''] = PAIR.exec(element) ?? []
    if (name === '' || found.has(name.toLowerCase())) return undefined
    found.set(name.toLowerCase(), token ?? quoted.replace(/\\(.)/g, '$1'))
  }
  return found
}

/**
 * RFC 7239, 6: an IPv4 address or IPv6 in brackets, with a port that may be obfuscated. `unknown` and `_hidden` name
 * nobody.
 */
const NODE = /^([\d.]+|\[[\da-f:.]+\])(?::(?:\d{1,5}|_[\w.-]+))?$/i

function addressOfNode(node: string): string | undefined {
  return NODE.exec(node)?.[1]
}
