import type { Policy, Rule } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import { spellQuota } from './spell-quota.js'

/** The limited rules of each zone that several share, in the order of the file. */
export function sharedZones(policy: Policy): readonly (readonly Rule[])[] {
  const zones = new Map<string, Rule[]>()
  for (const rule of rulesOf(policy)) {
    if (rule.quotas.length > 0) zones.set(rule.zone.name, [...(zones.get(rule.zone.name) ?? []), rule])
  }
  return [...zones.values()].filter((rules) => rules.length > 1)
}

/** The quotas of a rule in short form, the same for the same quotas in another order. */
export function spelledQuotas(rule: Rule): string {
  return rule.quotas
    .map(({ quota }) => spellQuota(quota))
    .sort()
    .join(', ')
}
