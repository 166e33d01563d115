import type { Policy, Rule } from 'spillway'
import { covers, readRules } from './cover.js'
import { knownGroups } from './groups.js'
import { sharesMethod, takeAllOf, takes } from './takers.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/**
 * A rule whose requests earlier rules of its layer take, all of them: an expression that matches its path, or several
 * rules that have every method and group between them. One earlier pattern that takes everything is a fault already.
 */
export function unreachableRule(policy: Policy): readonly Warning[] {
  const known = knownGroups(policy)
  return policy.layers.flatMap(({ rules }) => {
    const read = readRules(rules, policy.strictPaths)
    return read.flatMap(({ rule, paths }, index) => {
      const rivals = read
        .slice(0, index)
        .filter((earlier) => covers(earlier.paths, paths) && takes(earlier.rule))
        .map((earlier) => earlier.rule)
        .filter((earlier) => sharesMethod(earlier, rule))
      return takeAllOf(rivals, rule, known) ? [warning(rule, rivals)] : []
    })
  })
}

function warning(rule: Rule, rivals: readonly Rule[]): Warning {
  const names = rivals.map(({ name }) => name).join(', ')
  return warnOf(
    rule,
    undefined,
    `never applies: ${names} before it takes all of its requests. Move it up, or remove it`,
  )
}
