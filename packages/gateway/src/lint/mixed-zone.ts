import type { Policy, Rule } from 'spillway'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'
import { sharedZones, spelledQuotas } from './zones.js'

/** A zone whose rules have different quotas: allowed, and easily misread. */
export function mixedZone(policy: Policy): readonly Warning[] {
  return sharedZones(policy).flatMap((rules) => {
    const [first] = rules
    const other = rules.find((rule) => first && spelledQuotas(rule) !== spelledQuotas(first))
    return first && other ? [warning(first, other)] : []
  })
}

function warning(first: Rule, other: Rule): Warning {
  const shared = `${first.name} (${spelledQuotas(first)}) and ${other.name} (${spelledQuotas(other)})`
  return warnOf(
    other,
    'zone',
    `${shared} share the counts of zone ${other.zone.name}: a request under one is counted for the other too, and each is held to its own quotas. Where that is not meant, name another zone`,
  )
}
