import type { Policy, Rule } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import { spellQuota } from '../spelling/spell-quota.js'

/** The limited rules of each zone whose rules have different quotas, in the order of the file. */
export function mixedZones(policy: Policy): readonly (readonly Rule[])[] {
  const zones = new Map<string, Rule[]>()
  for (const rule of rulesOf(policy)) {
    if (rule.quotas.length > 0) zones.set(rule.zone.name, [...(zones.get(rule.zone.name) ?? []), rule])
  }
  return [...zones.values()].filter(([first, ...others]) => first && others.some((rule) => !sameQuotas(rule, first)))
}

/** Whether two rules have the same quotas, in whatever order. */
export function sameQuotas(a: Rule, b: Rule): boolean {
  return valuesOf(a) === valuesOf(b)
}

/** All that makes a quota what it is: its short form leaves out a time zone, an alignment and a resolution. */
function valuesOf({ quotas }: Rule): string {
  return quotas
    .map(({ quota }) => JSON.stringify(Object.entries(quota).sort()))
    .sort()
    .join()
}

/** The quotas of a rule in short form, the same for the same quotas in another order. */
export function spelledQuotas(rule: Rule): string {
  return rule.quotas
    .map(({ quota }) => spellQuota(quota))
    .sort()
    .join(', ')
}
