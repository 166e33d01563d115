import type { PathMatcher } from 'spillway'
import { normalisePath } from 'spillway'

/** A rule without methods is not asked about a CORS preflight, so it does not cover one that names `OPTIONS`. */
export function coversMethods(wide: ReadonlySet<string> | undefined, narrow: ReadonlySet<string> | undefined): boolean {
  if (wide === undefined) return !narrow?.has('OPTIONS')
  return narrow !== undefined && [...narrow].every((method) => wide.has(method))
}

/**
 * Tells of other matchers whether every path that `narrow` matches is certainly one of theirs. Where it cannot be told,
 * false. A rule is asked about beside every other one, so its path is read once, here.
 */
export function coverOf(narrow: PathMatcher, strictPaths: boolean): (wide: PathMatcher) => boolean {
  const segments = narrow.syntax === 'regex' ? undefined : segmentsOf(narrow.source, strictPaths)
  const path = segments?.some(isWild) === false ? `/${segments.join('/')}` : undefined

  return (wide) => {
    if (wide.syntax === narrow.syntax && wide.source === narrow.source) return true
    if (wide.syntax === 'pattern' && wide.source === '/**') return true
    if (segments === undefined) return false
    if (path !== undefined) return wide.test(path)
    return wide.syntax === 'pattern' && coversSegments(segmentsOf(wide.source, strictPaths), segments)
  }
}

/** A pattern is normalised as requests are, of which Node reads each byte as a character: what is wild in it stays as it is. */
function segmentsOf(pattern: string, strict: boolean): readonly string[] {
  const path = normalisePath(Buffer.from(pattern).toString('latin1'), { strict })
  return path.kind === 'path' ? path.matched.split('/').slice(1) : []
}

function coversSegments(wide: readonly string[], narrow: readonly string[]): boolean {
  const [first, ...rest] = wide
  const [against, ...others] = narrow
  if (first === '**') return true
  if (first === undefined || against === undefined) return first === against
  if (against === '**' || (isWild(first) && against === '')) return false
  return (isWild(first) || first === against) && coversSegments(rest, others)
}

function isWild(segment: string): boolean {
  return segment.startsWith(':') || segment.includes('*')
}
