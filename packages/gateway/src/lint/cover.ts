import type { PathMatcher, Rule } from 'spillway'
import { normalisePath } from 'spillway'

/** A rule without methods is not asked about a CORS preflight, so it does not cover one that names `OPTIONS`. */
export function coversMethods(wide: ReadonlySet<string> | undefined, narrow: ReadonlySet<string> | undefined): boolean {
  if (wide === undefined) return !narrow?.has('OPTIONS')
  return narrow !== undefined && [...narrow].every((method) => wide.has(method))
}

/** A rule, with what its path is made of. It is held against every other one, so it is read once. */
export interface ReadRule {
  readonly rule: Rule
  readonly paths: ReadMatcher
}

/** A path matcher, with what its pattern is made of. */
interface ReadMatcher {
  readonly matcher: PathMatcher
  /** Absent: it is an expression. */
  readonly segments: readonly string[] | undefined
  /** The only path that it matches. Absent where there are several. */
  readonly path: string | undefined
}

export function readMatcher(matcher: PathMatcher, strictPaths: boolean): ReadMatcher {
  const segments = matcher.syntax === 'regex' ? undefined : segmentsOf(matcher.source, strictPaths)
  return { matcher, segments, path: segments?.some(isWild) === false ? `/${segments.join('/')}` : undefined }
}

export function readRules(rules: readonly Rule[], strictPaths: boolean): readonly ReadRule[] {
  return rules.map((rule) => ({ rule, paths: readMatcher(rule.matches, strictPaths) }))
}

/** Expressions that match every path, as it is enough that its beginning does. */
const EVERYTHING = /^\^?\/?(?:\.\*\$?)?$/

/** Whether every path that `narrow` matches is certainly one of `wide`'s. Where it cannot be told, false. */
export function covers(wide: ReadMatcher, narrow: ReadMatcher): boolean {
  const { syntax, source } = wide.matcher
  if (syntax === narrow.matcher.syntax && source === narrow.matcher.source) return true
  if (syntax === 'pattern' ? source === '/**' : EVERYTHING.test(source)) return true
  if (narrow.segments === undefined) return false
  if (narrow.path !== undefined)
    return wide.path === undefined ? wide.matcher.test(narrow.path) : wide.path === narrow.path
  return wide.segments !== undefined && coversSegments(wide.segments, narrow.segments)
}

/** A pattern is normalised as requests are, of which Node reads each byte as a character: what is wild in it stays as it is. */
function segmentsOf(pattern: string, strict: boolean): readonly string[] {
  const path = normalisePath(Buffer.from(pattern).toString('latin1'), { strict })
  return path.kind === 'path' ? path.matched.split('/').slice(1) : []
}

function coversSegments(wide: readonly string[], narrow: readonly string[]): boolean {
  for (const [index, segment] of wide.entries()) {
    if (segment === '**') return true
    const against = narrow[index]
    if (against === undefined || against === '**') return false
    if (segment !== against && !isWild(segment)) return false
    if (against === '' && isWild(segment)) return false
  }
  return wide.length === narrow.length
}

export function isWild(segment: string): boolean {
  return segment.startsWith(':') || segment.includes('*')
}
