import type { Policy, Rule } from 'spillway'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'
import { mixedZones, sameQuotas, spelledQuotas } from './zones.js'

/** A zone whose rules have different quotas: allowed, and easily misread. */
export function mixedZone(policy: Policy): readonly Warning[] {
  return mixedZones(policy).flatMap((rules) => {
    const [first] = rules
    const other = rules.find((rule) => first && !sameQuotas(rule, first))
    return first && other ? [warning(first, other)] : []
  })
}

function warning(first: Rule, other: Rule): Warning {
  const [one, two] = [spelledQuotas(first), spelledQuotas(other)]
  const unlike = one === two ? `${two}, in another time zone, alignment or resolution` : two
  const shared = `${first.name} (${one}) and ${other.name} (${unlike})`
  return warnOf(
    other,
    'zone',
    `${shared} share the counts of zone ${other.zone.name}: a request under one is counted for the other too, and each is held to its own quotas. Where that is not meant, name another zone`,
  )
}
