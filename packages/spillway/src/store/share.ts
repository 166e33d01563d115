import type { BoundQuota, Charge } from '../core/charge.js'
import type { Decision, QuotaStanding } from '../core/decision.js'
import type { Quota } from '../core/quota.js'
import { rateOf } from '../core/rate.js'
import { figuresOf, largestCost, sizeOf } from '../core/tightest.js'
import type { Micros, Units } from '../core/units.js'

/**
 * A process that is one of `replicas` counts each unit as many times: the charge in which `limit / replicas` units,
 * rounded up, fill its quotas. A rate stays what it is, so that a token bucket's arithmetic stays exact. A cost above
 * that share fits once; one above the limit never does.
 */
export function shareOf(charge: Charge, replicas: Units): Charge {
  return replicas === 1
    ? charge
    : { ...charge, cost: charge.cost * replicas, quotas: quotasShared(charge.quotas, charge.cost, replicas) }
}

/** How many units a quota has for a charge of `cost`, where each counts `replicas` times. */
export function sharedSize(quota: Quota, cost: Units, replicas: Units): Units {
  const size = sizeOf(quota)
  return cost > size ? size : Math.max(cost, Math.ceil(size / replicas)) * replicas
}

/** The rules' quotas as those of a share, so that the usual charge finds them made. */
const shared = new WeakMap<Charge['quotas'], { readonly replicas: Units; readonly quotas: Charge['quotas'] }>()

function quotasShared(quotas: Charge['quotas'], cost: Units, replicas: Units): Charge['quotas'] {
  if (cost > 1) return quotas.map((bound) => quotaShared(bound, cost, replicas))
  const known = shared.get(quotas)
  if (known?.replicas === replicas) return known.quotas
  const made = quotas.map((bound) => quotaShared(bound, 1, replicas))
  shared.set(quotas, { replicas, quotas: made })
  return made
}

function quotaShared({ quota, counter }: BoundQuota, cost: Units, replicas: Units): BoundQuota {
  const size = sharedSize(quota, cost, replicas)
  return { quota: quota.algorithm === 'token-bucket' ? { ...quota, burst: size } : { ...quota, limit: size }, counter }
}

/** What a decision on the charge of a share says of the charge itself. */
export function unshared(decision: Decision, charge: Charge, replicas: Units): Decision {
  if (decision.kind === 'unknown' || replicas === 1) return decision
  const quotas = decision.quotas.map((standing, i) => {
    const { quota } = charge.quotas[i] as BoundQuota
    return decision.kind === 'blocked'
      ? { ...standing, quota }
      : standingUnshared(standing, quota, charge.cost, replicas)
  })
  const { limit, remaining, resetAfter } = figuresOf(quotas)
  const figures = { limit, remaining, resetAfter, quotas }
  switch (decision.kind) {
    case 'allowed':
      return { ...decision, ...figures, taken: decision.taken / replicas }
    case 'impossible':
      return { ...decision, ...figures, largestCost: largestCost(charge.quotas.map(({ quota }) => quota)) }
    case 'denied':
    case 'blocked':
      return { ...decision, ...figures }
  }
}

function standingUnshared(standing: QuotaStanding, quota: Quota, cost: Units, replicas: Units): QuotaStanding {
  const { remaining, resetAfter, retryAfter } = standing
  const beyondShare = (sharedSize(quota, cost, replicas) - sharedSize(quota, 1, replicas)) / replicas
  const missing = replicas - (remaining % replicas)
  return {
    quota,
    remaining: Math.max(0, Math.floor(remaining / replicas) - beyondShare),
    resetAfter: resetAfter === 0 ? 0 : resetAfter + refillTime(quota, missing - 1),
    retryAfter,
  }
}

/** Time in which a token bucket gains more units, after it gained one. Other quotas are given theirs back together. */
function refillTime(quota: Quota, units: Units): Micros {
  if (quota.algorithm !== 'token-bucket') return 0
  const rate = rateOf(quota)
  return Math.ceil((units * rate.time) / rate.units)
}
