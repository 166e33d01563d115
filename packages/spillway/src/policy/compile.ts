import type { Quota } from '../core/quota.js'
import type { InZone, RuleZones } from './compile-zones.js'
import { blocksEverywhere, compileZones } from './compile-zones.js'
import type { PlacedRule } from './placed-rule.js'
import type { Layer, Rule } from './policy.js'
import type { PolicyIssue } from './policy-error.js'
import { quotaNames } from './quota-names.js'

/**
 * Rules made ready to be run: rules with the same zone share one `Zone`. Token buckets that cannot share one are an
 * issue of the rule that is too much.
 */
export function compileLayers(
  layers: readonly { readonly name: string; readonly rules: readonly PlacedRule[] }[],
  issues: PolicyIssue[],
): readonly Layer[] {
  const zones = compileZones(
    layers.flatMap(({ rules }) => rules),
    issues,
  )
  return layers.map(({ name, rules }) => ({
    name,
    rules: rules.flatMap((rule) => {
      const inZones = zones.get(rule)
      return inZones === undefined ? [] : [compileRule(rule, inZones)]
    }),
  }))
}

function compileRule(rule: PlacedRule, zones: RuleZones): Rule {
  const { candidate, enforce, mode = 'enforce' } = rule
  const own: Rule = {
    ...inCommon(rule),
    ...zones.own,
    quotaNames: quotaNames(rule.name, rule.quotas),
    block: rule.block && { ...rule.block, everywhere: blocksEverywhere(rule) },
    mode,
    ...(rule.lease && { lease: rule.lease }),
  }
  const block = rule.block && { ...rule.block, everywhere: false }
  return {
    ...own,
    ...(enforce !== undefined &&
      zones.shadow && { rollOut: { share: enforce, shadow: { ...own, ...zones.shadow, block, mode: 'shadow' } } }),
    ...(candidate && zones.candidate && { candidate: candidateOf(rule, candidate, zones.candidate) }),
  }
}

/** Without a lease: units that a process takes ahead would be too many for quotas that they were not meant for. */
function candidateOf(rule: PlacedRule, quotas: readonly Quota[], inZone: InZone): Rule {
  return {
    ...inCommon(rule),
    ...inZone,
    quotaNames: quotaNames(rule.name, quotas),
    block: rule.block && { ...rule.block, everywhere: false },
    mode: 'candidate',
  }
}

function inCommon(rule: PlacedRule) {
  const { name, place, matches, partition, charge, onStoreFailure } = rule
  return {
    name,
    place: place.path,
    matches,
    partition,
    onStoreFailure,
    ...(rule.method && { methods: withHead(rule.method) }),
    ...(rule.group && { groups: new Set(rule.group) }),
    cost: charge?.cost ?? rule.cost ?? 1,
    ...(charge && { charge: { on: charge.on } }),
  }
}

/** The methods that a rule is for: HEAD counts as GET where only GET is named (RFC 9110, 9.3.2). */
export function withHead(methods: readonly string[]): ReadonlySet<string> {
  return new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)
}
