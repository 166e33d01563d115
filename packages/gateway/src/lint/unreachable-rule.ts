import type { Policy, Rule } from 'spillway'
import { covers, coversMethods, readRules } from './cover.js'
import type { KnownGroups } from './groups.js'
import { knownGroups } from './groups.js'
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
        .filter((earlier) => methodsOf(rule).some((methods) => coversMethods(earlier.methods, methods)))
      return rivals.length > 0 && everyMethod(rule, rivals, known) ? [warning(rule, rivals)] : []
    })
  })
}

/** A shadow rule takes nothing, and one in roll-out leaves some to others. */
function takes(earlier: Rule): boolean {
  return earlier.mode === 'enforce' && earlier.rollOut === undefined
}

/** The methods of a rule one by one; where it is for every method, all of them at once. */
function methodsOf({ methods }: Rule): readonly (ReadonlySet<string> | undefined)[] {
  return methods === undefined ? [undefined] : [...methods].map((method) => new Set([method]))
}

function everyMethod(rule: Rule, rivals: readonly Rule[], known: KnownGroups): boolean {
  return methodsOf(rule).every((methods) =>
    everyGroup(
      rule,
      rivals.filter((rival) => coversMethods(rival.methods, methods)),
      known,
    ),
  )
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
