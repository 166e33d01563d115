import type { Policy, Rule } from 'spillway'
import { covers, coversMethods, readRules } from './cover.js'
import type { KnownGroups } from './groups.js'
import { knownGroups } from './groups.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/**
 * A rule whose requests earlier rules of its layer take, all of them: an expression that matches its path, or several
 * rules that have every group between them. One earlier pattern that takes everything is a fault already.
 */
export function unreachableRule(policy: Policy): readonly Warning[] {
  const known = knownGroups(policy)
  return policy.layers.flatMap(({ rules }) => {
    const read = readRules(rules, policy.strictPaths)
    return read.flatMap(({ rule, paths }, index) => {
      const rivals = read
        .slice(0, index)
        .filter((earlier) => covers(earlier.paths, paths) && takes(earlier.rule, rule))
        .map((earlier) => earlier.rule)
      return everyGroup(rule, rivals, known) ? [warning(rule, rivals)] : []
    })
  })
}

/** Groups and paths aside. A shadow rule takes nothing, and one in roll-out leaves some to others. */
function takes(earlier: Rule, rule: Rule): boolean {
  return earlier.mode === 'enforce' && earlier.rollOut === undefined && coversMethods(earlier.methods, rule.methods)
}

function everyGroup({ groups }: Rule, rivals: readonly Rule[], known: KnownGroups): boolean {
  if (rivals.some((rival) => rival.groups === undefined)) return true
  if (groups === undefined && known.open) return false
  return [...(groups ?? known.names)].every((group) => rivals.some((rival) => rival.groups?.has(group)))
}

function warning(rule: Rule, rivals: readonly Rule[]): Warning {
  const names = rivals.map(({ name }) => name).join(', ')
  return warnOf(
    rule,
    undefined,
    `never applies: ${names} before it takes all of its requests. Move it up, or remove it`,
  )
}
