import type { Decision, QuotaStanding } from './decision.js'
import type { Quota } from './quota.js'
import type { Micros, Units } from './units.js'

/** The figures of a decision: those of its tightest quota, and all. Without quotas nothing limits. */
export function figuresOf(quotas: readonly QuotaStanding[]) {
  const tightest = quotas.reduce<QuotaStanding | undefined>((a, b) => (a && !tighter(b, a) ? a : b), undefined)
  return tightest
    ? { limit: sizeOf(tightest.quota), remaining: tightest.remaining, resetAfter: tightest.resetAfter, quotas }
    : { limit: Number.POSITIVE_INFINITY, remaining: Number.POSITIVE_INFINITY, resetAfter: 0, quotas }
}

/** The decision that the standings of a charge's quotas, and what is left of a block, come to. Nothing is taken yet. */
export function joined(quotas: readonly QuotaStanding[], blockLeft: Micros, now: Micros): Decision {
  const retryAfter = Math.max(0, ...quotas.map((standing) => standing.retryAfter))

  if (retryAfter === Number.POSITIVE_INFINITY) {
    return { kind: 'impossible', ...figuresOf(quotas), largestCost: Math.min(...quotas.map((q) => sizeOf(q.quota))) }
  }
  if (blockLeft > 0) return { kind: 'blocked', ...figuresOf(quotas.map(blockedFor(blockLeft))), retryAfter: blockLeft }
  if (retryAfter > 0) return { kind: 'denied', ...figuresOf(quotas), retryAfter }
  return { kind: 'allowed', ...figuresOf(quotas), at: now, taken: 0 }
}

/** The most units that a quota lets through at once. */
export function sizeOf(quota: Quota): Units {
  return quota.algorithm === 'token-bucket' ? quota.burst : quota.limit
}

/** Must be waited for longer, or has less remaining, or what it has grows later. */
export function tighter(a: QuotaStanding, b: QuotaStanding): boolean {
  if (a.retryAfter !== b.retryAfter) return a.retryAfter > b.retryAfter
  if (a.remaining !== b.remaining) return a.remaining < b.remaining
  return a.resetAfter > b.resetAfter
}

function blockedFor(retryAfter: Micros) {
  return ({ quota }: QuotaStanding): QuotaStanding => ({ quota, remaining: 0, resetAfter: retryAfter, retryAfter })
}
