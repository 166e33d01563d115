import type { Policy, Rule } from 'spillway'
import type { ReadRule } from './cover.js'
import { covers, coversMethods, readRules } from './cover.js'
import type { KnownGroups } from './groups.js'
import { knownGroups } from './groups.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/** A group whose requests to a path with rules fall through all of them: nothing in that layer limits it there. */
export function uncoveredGroup(policy: Policy): readonly Warning[] {
  const known = knownGroups(policy)
  return policy.layers.flatMap((layer) => {
    const seen = new Set<string>()
    const rules = readRules(layer.rules, policy.strictPaths)
    return rules.flatMap((asked) => {
      const { rule } = asked
      if (!limitsGroups(rule) || seen.has(askedBy(rule))) return []
      seen.add(askedBy(rule))
      const left = uncovered(asked, rules, known)
      return left === undefined ? [] : [warnOf(rule, 'group', message(left, rule))]
    })
  })
}

/** An unlimited rule is an exemption: that others have none on its path is the point of it. */
function limitsGroups({ groups, mode, quotas }: Rule): boolean {
  return groups !== undefined && mode === 'enforce' && quotas.length > 0
}

/** The groups, in words, that no rule of the layer answers for where this rule answers for its own. */
function uncovered(asked: ReadRule, rules: readonly ReadRule[], known: KnownGroups): string | undefined {
  const beside = rules
    .filter(({ paths }) => covers(paths, asked.paths))
    .map((other) => other.rule)
    .filter(({ mode, methods }) => mode === 'enforce' && coversMethods(methods, asked.rule.methods))
  if (beside.some(({ groups }) => groups === undefined)) return undefined

  const left = [...known.names].filter((group) => !beside.some(({ groups }) => groups?.has(group)))
  if (known.open) left.push('any other group that a token names')
  return left.length === 0 ? undefined : left.join(', ')
}

function askedBy({ matches, methods }: Rule): string {
  return JSON.stringify([matches.syntax, matches.source, [...(methods ?? ['*'])].sort()])
}

function message(left: string, { matches }: Rule): string {
  return `no rule of this layer covers ${matches.source} for ${left}: those requests pass unlimited. Add a rule without group after it`
}
