import { normalisePath, utf8Escaped } from './path.js'
import type { PathMatcher } from './path-matcher.js'

/** One segment of a pattern: its own text, any one non-empty segment, or any number of them to the end. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'rest' }

/** A pattern, with its segments for whoever compares patterns. */
export interface PathPattern extends PathMatcher {
  readonly syntax: 'pattern'
  /** The root has none. Under `strict` a trailing slash is a last literal without text. */
  readonly segments: readonly Segment[]
}

const LONGEST_PATTERN = 1_000
const ANY_ONE: Segment = { kind: 'one' }
const THE_REST: Segment = { kind: 'rest' }

/** What a pattern may not hold, each with the reason and the way out. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ['?', 'the query plays no part: leave it out'],
  ['#', 'a fragment is never sent: leave it out'],
  [';', 'parameters play no part: leave them out'],
  ['\\', 'a target with a backslash is refused: write a slash'],
  ['{', 'a variable is written ":id", a brace "%7B"'],
]

/**
 * A pattern of a rule: `/users/:id` and `/users/*` are for one more segment that is not empty, `/static/**` is for
 * `/static` and everything below it, `/**` for everything, `OPTIONS *` too. Literal text is normalised as requests are,
 * so that `/Towns/` and `/t%6fwns` mean what `/towns` does, and `/städte` is `/st%C3%A4dte`. Throws
 * `SyntaxError`, which says how to mend it, for a pattern that could never match and for one of more than 1,000
 * characters.
 */
export function pathPattern(source: string, options: { readonly strict: boolean }): PathPattern {
  checkShape(source)
  const segments = segmentsOf(source, options.strict)
  return Object.freeze({ source, syntax: 'pattern', segments, test: testOf(segments) })
}

function checkShape(source: string): void {
  if (source.length > LONGEST_PATTERN) {
    throw new SyntaxError(`a path pattern has at most ${LONGEST_PATTERN} characters, this one has ${source.length}`)
  }
  if (source === '*') throw never(source, 'everything, "OPTIONS *" too, is written "/**"')
  if (!source.startsWith('/')) throw never(source, `a path begins with a slash: write ${JSON.stringify(`/${source}`)}`)
  for (const [text, mending] of FORBIDDEN) {
    if (source.includes(text)) throw never(source, `it has a "${text}"; ${mending}`)
  }
}

function segmentsOf(source: string, strict: boolean): Segment[] {
  const texts = source.slice(1).split('/')
  const last = texts.length - 1
  const segments: Segment[] = []
  for (const [index, text] of texts.entries()) {
    if (text !== '') segments.push(segmentOf(text, index === last, source, strict))
    else if (strict && index === last && segments.length > 0) segments.push({ kind: 'literal', text: '' })
  }
  return segments
}

function segmentOf(text: string, last: boolean, source: string, strict: boolean): Segment {
  if (text === '**') {
    if (last) return THE_REST
    throw never(source, '"**" is everything to the end: it comes last; "*" is one segment')
  }
  if (text === '*') return ANY_ONE
  if (text.includes('*')) {
    throw never(source, `"*" is a whole segment, not a part of one as in ${JSON.stringify(text)}: use a regex for that`)
  }
  if (!text.startsWith(':')) return { kind: 'literal', text: literalText(text, source, strict) }
  if (/^:\w+$/.test(text)) return ANY_ONE
  throw never(source, `after ":" comes a name of letters, digits and "_", not ${JSON.stringify(text.slice(1))}`)
}

function literalText(text: string, source: string, strict: boolean): string {
  const normal = normalisePath(`/${utf8Escaped(text)}`, { strict })
  if (normal.kind === 'malformed') throw never(source, `a target with ${normal.reason} is refused`)
  if (normal.matched === '/') throw never(source, `requests have no ${JSON.stringify(text)} left: leave it out`)
  return normal.matched.slice(1)
}

/** The test walks the path along the segments and makes no strings; without variables it is one comparison. */
function testOf(segments: readonly Segment[]): (path: string) => boolean {
  const texts = segments.map((segment) => (segment.kind === 'literal' ? segment.text : undefined))
  if (!texts.includes(undefined)) {
    const whole = `/${texts.join('/')}`
    return (path) => path === whole
  }
  return (path) => {
    let end = 0
    for (const segment of segments) {
      if (segment.kind === 'rest') return true
      end = segmentEnd(path, end, segment)
      if (end === -1) return false
    }
    return end === path.length
  }
}

/** Where the segment that begins with the slash at `slash` ends, if it is what the pattern wants; else -1. */
function segmentEnd(path: string, slash: number, wanted: Exclude<Segment, { kind: 'rest' }>): number {
  if (path.charCodeAt(slash) !== 47) return -1
  const start = slash + 1
  if (wanted.kind === 'one') {
    const next = path.indexOf('/', start)
    const end = next === -1 ? path.length : next
    return end > start ? end : -1
  }
  const end = start + wanted.text.length
  const whole = end === path.length || path.charCodeAt(end) === 47
  return whole && path.startsWith(wanted.text, start) ? end : -1
}

function never(source: string, mending: string): SyntaxError {
  return new SyntaxError(`the path ${JSON.stringify(source)} can never match: ${mending}`)
}
