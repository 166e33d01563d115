import type { QuotaStanding } from '../core/decision.js'
import type { Micros, Units } from '../core/units.js'

/**
 * How long it takes at least until so many units have been admitted one after the other, the first `head` of them at
 * once, from where the quotas of a decision on these first stand. The last of a queue of so many units waits no shorter,
 * unless units are given back.
 */
export function leastWait(quotas: readonly QuotaStanding[], units: Units, head: Units): Micros {
  return Math.max(0, ...quotas.map((standing) => leastUnder(standing, units, head)))
}

function leastUnder(standing: QuotaStanding, units: Units, head: Units): Micros {
  const { quota, remaining, retryAfter } = standing
  // A calendar's windows have no one length.
  if (!('window' in quota)) return retryAfter

  // A quota that refuses has nothing left over when the head passes. Of what another has left, almost one unit more may
  // be there.
  const refuses = retryAfter > 0
  switch (quota.algorithm) {
    case 'token-bucket': {
      const toFlowIn = units - (refuses ? head : remaining + 1)
      return retryAfter + Math.floor((Math.max(0, toFlowIn) / quota.limit) * quota.window)
    }
    case 'sliding-window':
    case 'fixed-window': {
      // Each window admits the limit at most, and the first may begin at once.
      const toCome = units - (refuses ? 0 : remaining)
      return retryAfter + Math.max(0, Math.ceil(toCome / quota.limit) - 1) * quota.window
    }
  }
}
