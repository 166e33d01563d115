import type { Policy, Rule } from 'spillway'
import { rulesAndTrials } from '../policy-file/rules.js'
import type { Demand } from '../replay/demand.js'
import type { ReplayResult, RuleResult } from '../replay/result.js'
import type { MovedLimit } from './moved-limit.js'
import { movedLimits } from './moved-limit.js'

/** What a page reports: a result, and where the limits of its rules could be. */
export interface Report {
  readonly result: ReplayResult
  /** Rules that are drawn: those that refuse the most clients, in the order of the policy. */
  readonly drawn: readonly DrawnRule[]
  /** Limited rules that are not drawn, as there are too many. */
  readonly notDrawn: number
}

/** A rule with its charts. */
export interface DrawnRule {
  readonly rule: RuleResult
  readonly limits: readonly MovedLimit[]
  /** Why more clients may exceed a limit than are refused; absent where they are the very same. */
  readonly atMost?: string
}

/** So many quotas are drawn at most: the page stays below a megabyte. */
const QUOTAS_DRAWN = 24

/** Puts together what a page reports. */
export function reportOf(result: ReplayResult, policy: Policy, { tally }: Demand): Report {
  // In the order in which a replay tells of them.
  const rules = rulesAndTrials(policy)
  const limited = result.rules.flatMap((found, i) => {
    const [rule, demand] = [rules[i], tally.rules[i]]
    return rule && demand && rule.quotas.length > 0 && found.requests > 0 ? [{ found, rule, demand }] : []
  })
  const chosen = new Set(mostRefusing(limited.map(({ found }) => found)))
  const drawn = limited.filter(({ found }) => chosen.has(found))
  return {
    result,
    notDrawn: limited.length - drawn.length,
    drawn: drawn.map(({ found, rule, demand }) => {
      const quotas = rule.quotas.map(({ quota }) => quota)
      const atMost = whyAtMost(rule, policy, result.clients > tally.mostClients)
      return { rule: found, limits: movedLimits(quotas, demand), ...(atMost && { atMost }) }
    }),
  }
}

function mostRefusing(rules: readonly RuleResult[]): RuleResult[] {
  const sorted = rules.toSorted((a, b) => b.refusedClients - a.refusedClients || b.requests - a.requests)
  let quotas = 0
  return sorted.filter((rule) => {
    quotas += rule.quotas.length
    return quotas <= QUOTAS_DRAWN
  })
}

/** A client on its own, under one rule, is refused as soon as it exceeds a limit. What else has a say may spare it. */
function whyAtMost(rule: Rule, policy: Policy, tooMany: boolean): string | undefined {
  const others = rulesAndTrials(policy).filter((other) => other !== rule)
  if (tooMany) return 'there are too many clients to look at each'
  if (rule.mode !== 'enforce') return 'what is refused in force does not come to what is on trial'
  if (policy.layers.length > 1) return 'what another layer refuses takes no units here'
  if (others.some(({ zone }) => zone === rule.zone)) return 'it shares its counts with other rules of its zone'
  if (others.some(({ block }) => block?.everywhere)) return 'a block of another rule refuses here too'
  return rule.partition.some(({ by }) => by === 'user') ? undefined : 'clients share a partition'
}
