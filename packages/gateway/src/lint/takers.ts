import type { Rule } from 'spillway'
import { coversMethods } from './cover.js'
import type { KnownGroups } from './groups.js'

/** Whether a rule takes what it matches: one in shadow takes nothing, and one in roll-out leaves some to others. */
export function takes({ mode, rollOut }: Rule): boolean {
  return mode === 'enforce' && rollOut === undefined
}

/** Whether a rule is for a method of another one. */
export function sharesMethod(taker: Rule, rule: Rule): boolean {
  return methodsOf(rule).some((methods) => coversMethods(taker.methods, methods))
}

/** Whether rules that match the path of another one, and take what they match, have its methods and groups between them. */
export function takeAllOf(takers: readonly Rule[], rule: Rule, known: KnownGroups): boolean {
  return methodsOf(rule).every((methods) =>
    haveGroupsOf(
      takers.filter((taker) => coversMethods(taker.methods, methods)),
      rule,
      known,
    ),
  )
}

/** The methods of a rule one by one; where it is for every method, all of them at once. */
function methodsOf({ methods }: Rule): readonly (ReadonlySet<string> | undefined)[] {
  return methods === undefined ? [undefined] : [...methods].map((method) => new Set([method]))
}

function haveGroupsOf(takers: readonly Rule[], { groups }: Rule, known: KnownGroups): boolean {
  if (takers.some((taker) => taker.groups === undefined)) return true
  // Where nobody can be known there are no groups, and of none of them every one is taken.
  if (takers.length === 0) return false
  if (groups === undefined && known.open) return false
  return [...(groups ?? known.names)].every((group) => takers.some((taker) => taker.groups?.has(group)))
}
