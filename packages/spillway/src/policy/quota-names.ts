import type { Quota } from '../core/quota.js'
import { SECOND } from '../core/units.js'

/**
 * The names of a rule's quotas in header fields and problem documents: the rule's own, or, where it has several,
 * `rule-60s` by the window in whole seconds (rounded up; `rule-day` for a calendar one), `-2` where that repeats.
 */
export function quotaNames(rule: string, quotas: readonly Quota[]): readonly string[] {
  if (quotas.length < 2) return quotas.map(() => rule)

  const times = new Map<string, number>()
  return quotas.map((quota) => {
    const name = `${rule}-${'every' in quota ? quota.every : `${Math.ceil(quota.window / SECOND)}s`}`
    const time = (times.get(name) ?? 0) + 1
    times.set(name, time)
    return time === 1 ? name : `${name}-${time}`
  })
}
