/** A bare item of a structured field, as far as the fields of a limit need it told apart. */
export type BareItem =
  | { readonly kind: 'integer' | 'decimal' | 'date'; readonly value: number }
  | { readonly kind: 'string' | 'token' | 'binary' | 'display'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }

/** An item with its parameters; of those with one name the last counts. */
export interface Item {
  readonly value: BareItem
  readonly parameters: ReadonlyMap<string, BareItem>
}

interface Scan {
  readonly text: string
  index: number
}

const KEY = /[a-z*][a-z0-9_\-.*]*/y

/**
 * A list of items (RFC 9651, 4.2.1). Absent where the text is malformed anywhere, and where a member is an inner list,
 * which no field of a limit has.
 */
export function parseList(text: string): readonly Item[] | undefined {
  return parseMembers(text, readItem)
}

/** A dictionary of items (RFC 9651, 4.2.2); of those with one key the last counts. Absent as for `parseList`. */
export function parseDictionary(text: string): ReadonlyMap<string, Item> | undefined {
  const members = parseMembers(text, (scan) => {
    const key = take(scan, KEY)
    if (key === undefined) return undefined
    const item = take(scan, /=/y) === undefined ? flag(scan) : readItem(scan)
    return item && ([key, item] as const)
  })
  return members && new Map(members)
}

/** Members between commas, each read by `read`. A field of none is no list and no dictionary. */
function parseMembers<T>(text: string, read: (scan: Scan) => T | undefined): T[] | undefined {
  const scan = { text: withoutSpacesAround(text), index: 0 }
  const members: T[] = []
  do {
    const member = read(scan)
    if (member === undefined) return undefined
    members.push(member)
  } while (take(scan, /[ \t]*,[ \t]*/y) !== undefined)
  return scan.index === scan.text.length ? members : undefined
}

/** In linear time: an expression that looks for spaces at the end tries again from each space of a hostile text. */
function withoutSpacesAround(text: string): string {
  let [start, end] = [0, text.length]
  while (text[start] === ' ') start++
  while (end > start && text[end - 1] === ' ') end--
  return text.slice(start, end)
}

function readItem(scan: Scan): Item | undefined {
  const value = readBare(scan)
  const parameters = value && readParameters(scan)
  return value && parameters && { value, parameters }
}

/** A member of a dictionary without a value is true. */
function flag(scan: Scan): Item | undefined {
  const parameters = readParameters(scan)
  return parameters && { value: { kind: 'boolean', value: true }, parameters }
}

function readParameters(scan: Scan): Map<string, BareItem> | undefined {
  const parameters = new Map<string, BareItem>()
  while (take(scan, /; */y) !== undefined) {
    const key = take(scan, KEY)
    if (key === undefined) return undefined
    const value: BareItem | undefined =
      take(scan, /=/y) === undefined ? { kind: 'boolean', value: true } : readBare(scan)
    if (value === undefined) return undefined
    parameters.set(key, value)
  }
  return parameters
}

type Read = (text: string) => BareItem | undefined

/** What may stand where a bare item does (RFC 9651, 4.2.3.1). No two begin alike. */
const BARE: readonly (readonly [RegExp, Read])[] = [
  [/-?\d+(?:\.\d+)?/y, number],
  [/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y, (text) => ({ kind: 'string', value: unquoted(text) })],
  [/[A-Za-z*][!#$%&'*+\-.^_`|~\w:/]*/y, (text) => ({ kind: 'token', value: text })],
  [/:[A-Za-z0-9+/]*={0,2}:/y, (text) => ({ kind: 'binary', value: text.slice(1, -1) })],
  [/\?[01]/y, (text) => ({ kind: 'boolean', value: text === '?1' })],
  [/@-?\d{1,15}/y, (text) => ({ kind: 'date', value: Number(text.slice(1)) })],
  [/%"(?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*"/y, (text) => ({ kind: 'display', value: text.slice(2, -1) })],
]

function readBare(scan: Scan): BareItem | undefined {
  for (const [pattern, read] of BARE) {
    const text = take(scan, pattern)
    if (text !== undefined) return read(text)
  }
  return undefined
}

/** At most 15 digits, or 12 before the point and 3 behind it. */
function number(text: string): BareItem | undefined {
  const value = Number(text)
  if (/^-?\d{1,15}$/.test(text)) return { kind: 'integer', value }
  return /^-?\d{1,12}\.\d{1,3}$/.test(text) ? { kind: 'decimal', value } : undefined
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1')
}

/** Moves past what the pattern matches here, and gives it; absent where it does not match. */
function take(scan: Scan, pattern: RegExp): string | undefined {
  pattern.lastIndex = scan.index
  const found = pattern.exec(scan.text)?.[0]
  scan.index += found?.length ?? 0
  return found
}
