import type { BoundQuota, Policy, Quota, Rule, TokenBucket, Zone } from 'spillway'

/** More units than a log has. */
const MANY = 2 ** 40

/**
 * The same policy with nothing refused: each quota counts as it did, and has as many units as its arithmetic bears; nobody
 * is blocked. A token bucket is refilled as before, and holds more.
 */
export function withoutLimits(policy: Policy): Policy {
  const zones = new Map<Zone, Zone>()
  const layers = policy.layers.map((layer) => ({ ...layer, rules: layer.rules.map((rule) => unlimited(rule, zones)) }))
  return { ...policy, layers }
}

function unlimited(rule: Rule, zones: Map<Zone, Zone>): Rule {
  const { rollOut, candidate } = rule
  const { name, counters } = rule.zone
  const zone = zones.get(rule.zone) ?? { name, counters: counters.map(roomy) }
  zones.set(rule.zone, zone)
  return {
    ...rule,
    zone,
    quotas: rule.quotas.map(({ quota, counter }): BoundQuota => ({ quota: roomy(quota), counter })),
    block: undefined,
    ...(rollOut && { rollOut: { ...rollOut, shadow: unlimited(rollOut.shadow, zones) } }),
    ...(candidate && { candidate: unlimited(candidate, zones) }),
  }
}

function roomy(quota: Quota): Quota {
  return quota.algorithm === 'token-bucket' ? { ...quota, burst: largestBurst(quota) } : { ...quota, limit: MANY }
}

/** A bucket's arithmetic is in units of the window over its greatest common divisor with the limit, below 2^53. */
function largestBurst({ limit, window, burst }: TokenBucket): number {
  const unit = window / greatestCommonDivisor(limit, window)
  return Math.max(burst, Math.min(MANY, Math.floor(Number.MAX_SAFE_INTEGER / unit)))
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
