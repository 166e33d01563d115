import { withHead } from './compile.js'
import type { Segment } from './path-pattern.js'
import { inside, report } from './place.js'
import type { PlacedRule } from './placed-rule.js'
import type { PolicyIssue } from './policy-error.js'

/** A name, given or by default, belongs to one rule of the policy. */
export function reportRepeatedNames(rules: readonly PlacedRule[], issues: PolicyIssue[]): void {
  const firsts = new Map<string, PlacedRule>()
  for (const rule of rules) {
    const first = firsts.get(rule.name)
    if (first === undefined) firsts.set(rule.name, rule)
    else report(issues, inside(rule.place, 'name'), `${rule.name} is the name of ${first.place.path} already`)
  }
}

/**
 * In one layer, a rule that an earlier one always answers for can never match. A rule in shadow, or in roll-out, leaves
 * some to others.
 */
export function reportUnreachable(rules: readonly PlacedRule[], issues: PolicyIssue[]): void {
  const earlier: PlacedRule[] = []
  for (const rule of rules) {
    const first = earlier.find((each) => answersFor(each, rule))
    if (first !== undefined) {
      report(issues, rule.place, `can never match: ${first.place.path} before it takes all of its requests`)
    }
    if (rule.mode !== 'shadow' && rule.enforce === undefined) earlier.push(rule)
  }
}

/** Whether every request that the later rule is for is one of the earlier rule's too. */
function answersFor(earlier: PlacedRule, later: PlacedRule): boolean {
  return (
    pathsCover(earlier.matches, later.matches) &&
    (earlier.group === undefined || (later.group?.every((group) => earlier.group?.includes(group)) ?? false)) &&
    methodsCover(earlier.method, later.method)
  )
}

/** Of regular expressions only equal ones are known to be for the same paths. */
function pathsCover(earlier: PlacedRule['matches'], later: PlacedRule['matches']): boolean {
  if (earlier.syntax === 'regex') return later.syntax === 'regex' && earlier.source === later.source
  if (later.syntax === 'regex') return earlier.segments[0]?.kind === 'rest'
  return segmentsCover(earlier.segments, later.segments)
}

function segmentsCover(earlier: readonly Segment[], later: readonly Segment[]): boolean {
  for (const [index, wide] of earlier.entries()) {
    if (wide.kind === 'rest') return true
    const narrow = later[index]
    if (narrow === undefined || narrow.kind === 'rest') return false
    if (wide.kind === 'literal' && (narrow.kind !== 'literal' || narrow.text !== wide.text)) return false
    // A literal without text is the trailing slash under `strictPaths`, which a variable is not for.
    if (wide.kind === 'one' && narrow.kind === 'literal' && narrow.text === '') return false
  }
  return earlier.length === later.length
}

/** A rule without methods is not asked about a CORS preflight, so it does not answer for one that names OPTIONS. */
function methodsCover(earlier: readonly string[] | undefined, later: readonly string[] | undefined): boolean {
  if (earlier === undefined) return later === undefined || !later.includes('OPTIONS')
  const taken = withHead(earlier)
  return later?.every((method) => taken.has(method)) ?? false
}
