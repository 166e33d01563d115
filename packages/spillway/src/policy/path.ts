/** What became of a request target. */
export type NormalisedPath = NormalPath | MalformedPath

/** A path in its one spelling. */
export interface NormalPath {
  readonly kind: 'path'
  /** What rules are tested against. `*` for the target of `OPTIONS *`. */
  readonly matched: string
  /**
   * The same path for whoever answers the request: letter case, trailing slash and parameters as they came. Without the
   * query.
   */
  readonly forwarded: string
}

/** A target that no honest client sends, or that two servers could read in two ways: answer 400. */
export interface MalformedPath {
  readonly kind: 'malformed'
  /** What is wrong with it, to follow `the request target has …`. Nothing of the target is in it. */
  readonly reason: string
}

/**
 * The normal form of a request target, so that no rule is passed by spelling (RFC 3986, 6.2.2, and what servers do
 * beyond it). Query and fragment are dropped, an absolute-form target is reduced to its path (RFC 9112, 3.2.2);
 * unreserved characters are percent-decoded, once; what may not stand in a path is percent-encoded; `;parameters` are
 * dropped, then dot segments and doubled slashes folded; trailing slash and ASCII letter case are dropped unless
 * `strict`. Takes time linear in the target.
 *
 * A path with nothing to do is recognised in one pass and sliced, about 30 times as fast as the plain form.
 */
export function normalisePath(target: string, options: { readonly strict: boolean }): NormalisedPath {
  return normaliseQuickly(target, options.strict) ?? normalisePlainly(target, options.strict)
}

/** The query of a request target as it came, with its `?` and without a fragment. Empty where there is none. */
export function rawQuery(target: string): string {
  const fragment = target.indexOf('#')
  const query = target.indexOf('?')
  if (query === -1 || (fragment !== -1 && fragment < query)) return ''
  return fragment === -1 ? target.slice(query) : target.slice(query, fragment)
}

const UNRESERVED = /[A-Za-z0-9\-._~]/
/**
 * What stands in a path for itself (RFC 3986, 3.3) and never means anything else. `;` is not among them: it starts
 * parameters.
 */
const PLAIN = /[A-Za-z0-9\-._~!$&'()*+,=:@]/

const ORDINARY = 1
const UPPER_CASE = 2
const SLASH = 4
const DOT = 8
const END = 16
const SPECIAL = 32

/** What the quick form makes of each ASCII character. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  if (char === '/') return SLASH
  if (char === '.') return DOT
  if (char === '?' || char === '#') return END
  if (char >= 'A' && char <= 'Z') return UPPER_CASE
  return PLAIN.test(char) ? ORDINARY : SPECIAL
})

/** The normal form of a path that has nothing to decode, encode or fold; absent for every other. */
function normaliseQuickly(target: string, strict: boolean): NormalPath | undefined {
  if (target.charCodeAt(0) !== 47) return undefined

  let before = SLASH
  let seen = 0
  let end = 1
  for (; end < target.length; end++) {
    const kind = KINDS[target.charCodeAt(end)] ?? SPECIAL
    if (kind === END) break
    if (kind === SPECIAL || (before === SLASH && (kind === SLASH || kind === DOT))) return undefined
    seen |= kind
    before = kind
  }
  if (hasControlCharacter(target, end)) return undefined

  const forwarded = target.slice(0, end)
  if (strict) return { kind: 'path', matched: forwarded, forwarded }

  const trimmed = before === SLASH && end > 1 ? target.slice(0, end - 1) : forwarded
  return { kind: 'path', matched: (seen & UPPER_CASE) !== 0 ? trimmed.toLowerCase() : trimmed, forwarded }
}

/** The normal form of any target. */
export function normalisePlainly(target: string, strict: boolean): NormalisedPath {
  if (target === '*') return { kind: 'path', matched: '*', forwarded: '*' }
  if (hasControlCharacter(target, 0)) return malformed('a control character')

  const raw = rawPath(target)
  if (raw === undefined) return malformed('no path: it must begin with a slash, or with a scheme and a host')
  if (raw.includes('\\')) return malformed('a backslash')
  if (/%(?![0-9A-Fa-f]{2})/.test(raw)) return malformed('a broken percent sequence')
  if (raw.includes('%00')) return malformed('a NUL')

  const segments = spelledOnce(raw).slice(1).split('/')
  const kept = foldDots(segments)
  const last = segments.at(-1) ?? ''
  const slash = kept.length > 0 && isEmptyOrDots(nameOf(last)) ? '/' : ''
  const parameters = nameOf(last) === '' ? last : ''
  const matched = `/${kept.map(nameOf).join('/')}`
  return {
    kind: 'path',
    matched: strict ? matched + slash : lowerCase(matched),
    forwarded: `/${kept.join('/')}${slash}${parameters}`,
  }
}

/**
 * The path of an origin-form or absolute-form target, without query and fragment. Absent where there is none, or the
 * host holds a backslash.
 */
function rawPath(target: string): string | undefined {
  const [beforeQuery = ''] = target.split(/[?#]/, 1)
  if (beforeQuery.startsWith('/')) return beforeQuery
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/\\]+/i.exec(beforeQuery)
  if (absolute === null) return undefined
  const path = beforeQuery.slice(absolute[0].length)
  return path === '' ? '/' : path
}

/** Every character in its one spelling: unreserved ones raw, other escapes in upper case, what may not stand raw escaped. */
function spelledOnce(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}|[^\w\-.~!$&'()*+,=:@/;%]/gu, (found) => {
    if (!found.startsWith('%')) return percentEncoded(found)
    const char = String.fromCharCode(Number.parseInt(found.slice(1), 16))
    return UNRESERVED.test(char) ? char : found.toUpperCase()
  })
}

/** A character up to U+00FF is one byte (that is how Node reads the request line), any other its UTF-8. */
function percentEncoded(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return code <= 255 ? escaped([code]) : utf8Escaped(char)
}

/** A text as clients put it into a path: every character beyond ASCII as the escapes of its UTF-8 (RFC 3987, 3.1). */
export function utf8Escaped(text: string): string {
  return text.replace(/\P{ASCII}/gu, (char) => escaped([...new TextEncoder().encode(char)]))
}

function escaped(bytes: readonly number[]): string {
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}

/** The segments that stay once dot segments have been followed and empty ones dropped. Never above the root. */
function foldDots(segments: readonly string[]): string[] {
  const kept: string[] = []
  for (const segment of segments) {
    const name = nameOf(segment)
    if (name === '..') kept.pop()
    else if (!isEmptyOrDots(name)) kept.push(segment)
  }
  return kept
}

/** A segment without its parameters. */
function nameOf(segment: string): string {
  const parameters = segment.indexOf(';')
  return parameters === -1 ? segment : segment.slice(0, parameters)
}

function isEmptyOrDots(name: string): boolean {
  return name === '' || name === '.' || name === '..'
}

/** ASCII letters in lower case, but for the digits of escapes. */
function lowerCase(path: string): string {
  return path.replace(/%..|[A-Z]+/g, (found) => (found.startsWith('%') ? found : found.toLowerCase()))
}

function hasControlCharacter(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code === 127) return true
  }
  return false
}

function malformed(reason: string): MalformedPath {
  return { kind: 'malformed', reason }
}
