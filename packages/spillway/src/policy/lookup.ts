import type { Segment } from './path-pattern.js'
import type { Indexed } from './path-trie.js'
import { addToTrie, earliest, emptyTrie, firstInTrie } from './path-trie.js'
import type { Layer, Rule } from './policy.js'

/** Finds the rules of a layer that apply to a request. A `preflight` (CORS) is only for rules that name `OPTIONS`. */
export interface RuleLookup {
  /** The first rule in the order of the file that matches and is enforced. Absent where none does. */
  find(path: string, method: string, group: string, preflight: boolean): Rule | undefined
  /** Every shadow rule that matches and stands before that one. */
  shadows(path: string, method: string, group: string, preflight: boolean): readonly Rule[]
}

const noRules: readonly Rule[] = []

/**
 * An index over a layer's rules. `path` is a normal path (`normalisePath(…).matched`), `method` as on the request line.
 * Where a rule names one literal path it is found by a single look-up in a Map; `scanRules` gives the same answers and
 * takes as long as there are rules, about 100 times as long with a thousand of them.
 */
export function ruleLookup(layer: Layer): RuleLookup {
  const entries = layer.rules.map((rule, index) => ({ rule, index }))
  const enforced = indexOf(entries.filter(({ rule }) => rule.mode === 'enforce'))
  const shadowed = entries.filter(({ rule }) => rule.mode === 'shadow')

  return {
    find: (path, method, group, preflight) => enforced(path, method, group, preflight)?.rule,
    shadows(path, method, group, preflight) {
      if (shadowed.length === 0) return noRules
      const end = enforced(path, method, group, preflight)?.index ?? Number.POSITIVE_INFINITY
      return shadowed
        .filter(({ rule, index }) => index < end && applies(rule, path, method, group, preflight))
        .map(({ rule }) => rule)
    },
  }
}

/** The plain form of `RuleLookup.find`: asks one rule after the other. */
export function scanRules(
  rules: readonly Rule[],
  path: string,
  method: string,
  group: string,
  preflight: boolean,
): Rule | undefined {
  return rules.find((rule) => rule.mode === 'enforce' && applies(rule, path, method, group, preflight))
}

function applies(rule: Rule, path: string, method: string, group: string, preflight: boolean): boolean {
  return takes(rule, method, group, preflight) && rule.matches.test(path)
}

function takes({ methods, groups }: Rule, method: string, group: string, preflight: boolean): boolean {
  if (groups !== undefined && !groups.has(group)) return false
  return methods === undefined ? !preflight : methods.has(preflight ? 'OPTIONS' : method)
}

type Find = (path: string, method: string, group: string, preflight: boolean) => Indexed | undefined

function indexOf(entries: readonly Indexed[]): Find {
  const literals = new Map<string, Indexed[]>()
  const trie = emptyTrie()
  const regexes: Indexed[] = []
  for (const entry of entries) {
    const { matches } = entry.rule
    if (matches.syntax === 'regex') regexes.push(entry)
    else if (matches.segments.some(({ kind }) => kind !== 'literal')) addToTrie(trie, entry, matches.segments)
    else addLiteral(literals, entry, matches.segments)
  }
  const onlyLiterals = regexes.length === 0 && trie.least === Number.POSITIVE_INFINITY

  return (path, method, group, preflight) => {
    const exact = firstLiteral(literals.get(path), path, method, group, preflight)
    if (onlyLiterals) return exact
    const accepts = ({ rule }: Indexed) => applies(rule, path, method, group, preflight)
    // `*`, the target of `OPTIONS *`, has no segments.
    if (!path.startsWith('/')) return earliest(entries, undefined, accepts)
    return earliest(regexes, firstInTrie(trie, path, 1, exact, accepts), accepts)
  }
}

function addLiteral(literals: Map<string, Indexed[]>, entry: Indexed, segments: readonly Segment[]): void {
  const path = `/${segments.map((segment) => (segment.kind === 'literal' ? segment.text : '')).join('/')}`
  const here = literals.get(path)
  if (here) here.push(entry)
  else literals.set(path, [entry])
}

/** A loop without a closure: this is the common case, and it allocates nothing. */
function firstLiteral(
  entries: readonly Indexed[] | undefined,
  path: string,
  method: string,
  group: string,
  preflight: boolean,
): Indexed | undefined {
  if (entries === undefined) return undefined
  for (const entry of entries) {
    if (applies(entry.rule, path, method, group, preflight)) return entry
  }
  return undefined
}
