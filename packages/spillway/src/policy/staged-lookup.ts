import type { RuleLookup } from './lookup.js'
import { applies, finderOf, ruleLookup } from './lookup.js'
import type { PartitionContext } from './partition.js'
import { partitionName } from './partition.js'
import type { Layer, Rule } from './policy.js'
import { enforcedFor, isInRollOut } from './roll-out.js'

/** The quickest way to find the rules of a layer that apply. */
export function layerLookup(layer: Layer): RuleLookup {
  return layer.rules.some(isInRollOut) ? stagedLookup(layer) : ruleLookup(layer)
}

/**
 * A lookup over a layer with rules in roll-out: each of them is for the request a rule that is enforced, or one in shadow
 * that the search goes on past. They and the shadow rules are tried one after the other.
 */
function stagedLookup(layer: Layer): RuleLookup {
  const entries = layer.rules.map((rule, index) => ({ rule, index }))
  const whole = finderOf(entries.filter(({ rule }) => rule.mode === 'enforce' && !isInRollOut(rule)))
  const partly = entries.filter(({ rule }) => rule.mode === 'shadow' || isInRollOut(rule))

  const search = (path: string, method: string, group: string, preflight: boolean, asked: PartitionContext) => {
    const last = whole(path, method, group, preflight)
    const passed: Rule[] = []
    for (const { rule, index } of partly) {
      if (last !== undefined && index > last.index) break
      if (!applies(rule, path, method, group, preflight)) continue
      if (isInRollOut(rule) && enforcedFor(rule, partitionName(rule.partition, asked))) return { first: rule, passed }
      passed.push(rule.rollOut?.shadow ?? rule)
    }
    return { first: last?.rule, passed }
  }
  return {
    find: (...request) => search(...request).first,
    shadows: (...request) => search(...request).passed,
  }
}
