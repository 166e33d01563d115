import type { PartitionContext } from './partition.js'
import type { Indexed } from './path-trie.js'
import { firstInTrie, trieOf } from './path-trie.js'
import type { Layer, Rule } from './policy.js'

/**
 * Finds the rules of a layer that apply to a request. A `preflight` (CORS) is only for rules that name `OPTIONS`; `asked`
 * tells the partitions that rules in roll-out go by.
 */
export interface RuleLookup {
  /** The first rule in the order of the file that matches and is enforced. Absent where none does. */
  find(path: string, method: string, group: string, preflight: boolean, asked: PartitionContext): Rule | undefined
  /** Every rule that matches, is in shadow for the request, and stands before that one. */
  shadows(path: string, method: string, group: string, preflight: boolean, asked: PartitionContext): readonly Rule[]
}

/** Of a layer without rules in roll-out, whoever asks. */
interface PlainLookup extends RuleLookup {
  find(path: string, method: string, group: string, preflight: boolean): Rule | undefined
  shadows(path: string, method: string, group: string, preflight: boolean): readonly Rule[]
}

const NO_RULES: readonly Rule[] = []

/**
 * An index over a layer's rules. `path` is a normal path (`normalisePath(…).matched`), `method` as on the request line.
 * Where a rule names one literal path it is found by a single look-up in a Map; `scanRules` gives the same answers and
 * takes as long as there are rules, 50 to 100 times as long with a thousand of them.
 */
export function ruleLookup(layer: Layer): PlainLookup {
  const entries = layer.rules.map((rule, index) => ({ rule, index }))
  const enforced = finderOf(entries.filter(({ rule }) => rule.mode === 'enforce'))
  const shadowed = entries.filter(({ rule }) => rule.mode === 'shadow')

  return {
    find: (path, method, group, preflight) => enforced(path, method, group, preflight)?.rule,
    shadows(path, method, group, preflight) {
      if (shadowed.length === 0) return NO_RULES
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

/** Whether a rule is for a request, whatever its mode. */
export function applies(rule: Rule, path: string, method: string, group: string, preflight: boolean): boolean {
  return takes(rule, method, group, preflight) && rule.matches.test(path)
}

function takes({ methods, groups }: Rule, method: string, group: string, preflight: boolean): boolean {
  if (groups !== undefined && !groups.has(group)) return false
  return methods === undefined ? !preflight : methods.has(preflight ? 'OPTIONS' : method)
}

type Find = (path: string, method: string, group: string, preflight: boolean) => Indexed | undefined

/** Up to so many patterns are tried one after the other: that takes less time than a walk of the trie. */
const FEW = 16

/** Finds the first of some rules, in the order of the file, that is for a request. */
export function finderOf(entries: readonly Indexed[]): Find {
  const { literals, patterns, regexes } = byKind(entries)
  const few = patterns.length <= FEW
  const trie = few ? undefined : trieOf(patterns)
  const tried = few ? [...patterns, ...regexes].sort((a, b) => a.index - b.index) : regexes

  return (path, method, group, preflight) => {
    const exact = firstOf(literals.get(path), undefined, path, method, group, preflight)
    const found = trie
      ? firstInTrie(trie, path, exact, ({ rule }) => applies(rule, path, method, group, preflight))
      : exact
    return firstOf(tried, found, path, method, group, preflight)
  }
}

/** The first of a list, in the order of the file, that applies and stands before `found`; else `found`. */
function firstOf(
  entries: readonly Indexed[] | undefined,
  found: Indexed | undefined,
  path: string,
  method: string,
  group: string,
  preflight: boolean,
): Indexed | undefined {
  if (entries === undefined) return found
  for (const entry of entries) {
    if (found !== undefined && entry.index > found.index) return found
    if (applies(entry.rule, path, method, group, preflight)) return entry
  }
  return found
}

interface ByKind {
  /** By their one path. */
  readonly literals: ReadonlyMap<string, readonly Indexed[]>
  readonly patterns: readonly Indexed[]
  readonly regexes: readonly Indexed[]
}

function byKind(entries: readonly Indexed[]): ByKind {
  const literals = new Map<string, Indexed[]>()
  const patterns: Indexed[] = []
  const regexes: Indexed[] = []
  for (const entry of entries) {
    const { matches } = entry.rule
    const path = literalPath(matches)
    if (path !== undefined) literals.set(path, [...(literals.get(path) ?? []), entry])
    else if (matches.syntax === 'pattern') patterns.push(entry)
    else regexes.push(entry)
  }
  return { literals, patterns, regexes }
}

/** The only path that a matcher is for, where there is one. */
function literalPath(matches: Rule['matches']): string | undefined {
  if (matches.syntax === 'regex') return undefined
  const texts = matches.segments.map((segment) => (segment.kind === 'literal' ? segment.text : undefined))
  return texts.includes(undefined) ? undefined : `/${texts.join('/')}`
}
