/** How much passes, in whole seconds. */
interface PlainQuota {
  readonly limit: number
  readonly window: number
}

/** A rule in its plainest form. */
export interface PlainRule {
  readonly name: string
  readonly method?: RegExp
  readonly path: RegExp
  readonly zone: string
  readonly partition: 'user' | 'everyone'
  readonly quotas: readonly PlainQuota[]
  /** Seconds. */
  readonly block?: number
}

/** Units left by every moment at which one was taken, oldest first; of a token bucket perhaps with a fraction. */
export type LeftOf = (taken: readonly number[], quota: PlainQuota, now: number) => number

/** Each algorithm by its definition alone: nothing is kept but the moments, and everything is counted anew. */
export const LEFT = {
  'sliding-window': (taken, { limit, window }, now) => limit - taken.filter((at) => now < at + window).length,

  'fixed-window': (taken, { limit, window }, now) => {
    let start = Number.NEGATIVE_INFINITY
    for (const at of taken) if (at >= start + window) start = at
    return now < start + window ? limit - taken.filter((at) => at >= start).length : limit
  },

  'token-bucket': (taken, { limit, window }, now) => {
    // In parts, `window` of them to a unit, so that `limit` flow in each second and all is whole.
    let parts = limit * window
    let last = taken[0] ?? now
    for (const at of taken) {
      parts = Math.min(limit * window, parts + (at - last) * limit) - window
      last = at
    }
    return Math.min(limit * window, parts + (now - last) * limit) / window
  },
} satisfies Record<string, LeftOf>

/** What an answer must be: 0 where the request passes, else its `Retry-After`. */
export interface ExactAnswer {
  readonly rule: string
  readonly retryAfter: number
}

/** Counts requests by brute force, with no part of the product in it. `now` never goes back. */
export function exactCount(leftOf: LeftOf, rules: readonly PlainRule[]) {
  const takenBy = new Map<string, number[]>()
  const blockedBy = new Map<string, number>()

  return (client: string, method: string, target: string, now: number): ExactAnswer => {
    const rule = rules.find(({ method: by, path }) => (by?.test(method) ?? true) && path.test(target))
    if (rule === undefined) return { rule: 'none', retryAfter: 0 }

    const partition = `${rule.zone} ${rule.partition === 'user' ? client : '*'}`
    const taken = takenBy.get(partition) ?? []
    const blockedUntil = blockedBy.get(partition) ?? now
    if (blockedUntil > now) return { rule: rule.name, retryAfter: blockedUntil - now }

    const passesAt = (moment: number) => rule.quotas.every((quota) => leftOf(taken, quota, moment) >= 1)
    if (passesAt(now)) {
      takenBy.set(partition, [...taken, now])
      return { rule: rule.name, retryAfter: 0 }
    }
    if (rule.block !== undefined) blockedBy.set(partition, now + rule.block)
    return { rule: rule.name, retryAfter: Math.max(rule.block ?? 0, firstSecond(passesAt, now) - now) }
  }
}

/** The first whole second after `now` at which it passes, by halving. */
function firstSecond(passesAt: (moment: number) => boolean, now: number): number {
  let [refused, passes] = [now, now + 2 ** 24]
  while (passes - refused > 1) {
    const middle = Math.floor((refused + passes) / 2)
    if (passesAt(middle)) passes = middle
    else refused = middle
  }
  return passes
}
