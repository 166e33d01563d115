import type { Decision, Figures, QuotaStanding } from './decision.js'
import type { Quota } from './quota.js'
import type { Micros, Units } from './units.js'

/** The figures of a decision: those of its tightest quota, and all. Without quotas nothing limits. */
export function figuresOf(quotas: readonly QuotaStanding[]): Figures {
  const tightest = tightestOf(quotas)
  return tightest
    ? { limit: sizeOf(tightest.quota), remaining: tightest.remaining, resetAfter: tightest.resetAfter, quotas }
    : { limit: Number.POSITIVE_INFINITY, remaining: Number.POSITIVE_INFINITY, resetAfter: 0, quotas }
}

/** The decision that the standings of a charge's quotas, and what is left of a block, come to. Nothing is taken yet. */
export function joined(quotas: readonly QuotaStanding[], blockLeft: Micros, now: Micros): Decision {
  const retryAfter = tightestOf(quotas)?.retryAfter ?? 0

  if (retryAfter === Number.POSITIVE_INFINITY) {
    return { kind: 'impossible', ...figuresOf(quotas), largestCost: largestCost(quotas.map(({ quota }) => quota)) }
  }
  if (blockLeft > 0) return { kind: 'blocked', ...figuresOf(quotas.map(blockedFor(blockLeft))), retryAfter: blockLeft }
  const { limit, remaining, resetAfter } = figuresOf(quotas)
  return retryAfter > 0
    ? { kind: 'denied', limit, remaining, resetAfter, quotas, retryAfter }
    : { kind: 'allowed', limit, remaining, resetAfter, quotas, at: now, taken: 0 }
}

function tightestOf(quotas: readonly QuotaStanding[]): QuotaStanding | undefined {
  let tightest = quotas[0]
  for (const standing of quotas) if (tightest && tighter(standing, tightest)) tightest = standing
  return tightest
}

/** The most units that a quota lets through at once. */
export function sizeOf(quota: Quota): Units {
  return quota.algorithm === 'token-bucket' ? quota.burst : quota.limit
}

/** The largest cost that all of these quotas can let through; `Infinity` where there are none. */
export function largestCost(quotas: readonly Quota[]): Units {
  return Math.min(...quotas.map(sizeOf))
}

/** Must be waited for longer, or has less remaining, or what it has grows later. */
function tighter(a: QuotaStanding, b: QuotaStanding): boolean {
  if (a.retryAfter !== b.retryAfter) return a.retryAfter > b.retryAfter
  if (a.remaining !== b.remaining) return a.remaining < b.remaining
  return a.resetAfter > b.resetAfter
}

function blockedFor(retryAfter: Micros) {
  return ({ quota }: QuotaStanding): QuotaStanding => ({ quota, remaining: 0, resetAfter: retryAfter, retryAfter })
}
