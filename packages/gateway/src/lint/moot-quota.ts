import type { BoundQuota, Policy, Quota, Rule } from 'spillway'
import { keysOf } from '../policy-file/keys.js'
import { rulesOf } from '../policy-file/rules.js'
import { spellQuota } from '../spelling/spell-quota.js'
import { LONGEST_SPAN, SHORTEST_SPAN } from './calendar-spans.js'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'
import { mixedZones } from './zones.js'

/** A quota that never refuses anything, because another one of its rule always refuses first. */
export function mootQuota(policy: Policy): readonly Warning[] {
  const mixed = new Set(mixedZones(policy).flat())
  // In a mixed zone other rules fill the same counters past this rule's quotas, so that nothing can be told.
  return rulesOf(policy).flatMap((rule) => (mixed.has(rule) ? [] : warnings(rule)))
}

function warnings(rule: Rule): Warning[] {
  return rule.quotas.flatMap((bound, index) => {
    const first = rule.quotas.find(
      (other, at) => at !== index && isMoot(bound, other) && (at < index || !isMoot(other, bound)),
    )
    if (first === undefined) return []
    const message = `${spellQuota(bound.quota)} is never reached: ${spellQuota(first.quota)} refuses before it does. Remove one of them`
    return [warnAt([...keysOf(rule.place), 'quotas', index], message)]
  })
}

/** Whether a quota admits everything that another one admits. Where it cannot be told, false. */
function isMoot(bound: BoundQuota, other: BoundQuota): boolean {
  if (bound.counter === other.counter) return other.quota.limit <= bound.quota.limit
  return admitsAll(bound.quota, other.quota)
}

function admitsAll(quota: Quota, other: Quota): boolean {
  if ('every' in quota && 'every' in other && isWithin(quota, other)) return other.limit <= quota.limit
  if (quota.algorithm !== 'token-bucket') return mostIn(heldFor(quota), other) <= quota.limit
  if ('every' in other || other.algorithm === 'fixed-window') return false
  const atOnce = other.algorithm === 'token-bucket' ? other.burst : other.limit
  return atOnce <= quota.burst && other.limit * quota.window <= quota.limit * other.window
}

type Calendar = Extract<Quota, { every: unknown }>

/** Whether each window of one lies in one of the other: a day does in a week, a month and a year, a month in a year. */
function isWithin(inner: Calendar, outer: Calendar): boolean {
  if (inner.timezone !== outer.timezone) return false
  return inner.every === 'day' || inner.every === outer.every || (inner.every === 'month' && outer.every === 'year')
}

/** For how long a unit counts at most. A sliding window that merges its log holds units a little longer. */
function heldFor(quota: Exclude<Quota, { algorithm: 'token-bucket' }>): number {
  if ('every' in quota) return LONGEST_SPAN[quota.every]
  if (quota.algorithm === 'fixed-window' || quota.limit <= 2 * quota.resolution) return quota.window
  return quota.window + quota.window / quota.resolution
}

/** The most units that a quota can admit in any span of this length. */
function mostIn(span: number, quota: Quota): number {
  if ('every' in quota) return quota.limit * (Math.ceil(span / SHORTEST_SPAN[quota.every]) + 1)
  switch (quota.algorithm) {
    case 'sliding-window':
      return quota.limit * Math.ceil(span / quota.window)
    case 'fixed-window':
      return quota.limit * (Math.ceil(span / quota.window) + 1)
    case 'token-bucket':
      return quota.burst + (quota.limit * span) / quota.window
  }
}
