import type { Decision, Micros, Policy, Quota, RuleDecision, Units, Verdict } from 'spillway'
import { rulesAndTrials } from '../../policy-file/rules.js'
import { sizeOf } from '../quota-size.js'
import type { Peaks } from './peaks.js'
import { peaksOverTime } from './peaks.js'
import { withRoom } from './with-room.js'

/** What clients ask for under a rule, were nothing refused. */
export interface RuleDemand {
  readonly quotas: readonly QuotaDemand[]
  /** By client: how many requests came to the rule. */
  requests: Uint32Array
}

/** What clients ask for at once under one quota, were nothing refused. */
export interface QuotaDemand {
  /** By client, the most units that it has had in use at once, its own last request among them; 0: it never came. */
  peaks: Uint32Array
  /** The most that any client has met. */
  readonly overTime: Peaks
}

/** What clients ask for under each rule of a policy. */
export interface DemandTally {
  /** In the order of the policy, each rule with its trials. */
  readonly rules: readonly RuleDemand[]
  /** Clients beyond this number are not counted. */
  readonly mostClients: number
  /** Takes the verdict of a guard that refuses nothing on a client, by its number. */
  take(verdict: Verdict, client: number, at: Micros): void
}

/** Numbers that are kept of clients, by rule and quota, at most. */
const MOST_CELLS = 8_000_000
const MOST_UNITS = 2 ** 32 - 1

/** A tally for a policy without limits, of as many clients as have room in 32 MB, or of `mostClients`. */
export function demandTally(policy: Policy, mostClients = mostClientsUnder(policy)): DemandTally {
  const all = rulesAndTrials(policy)
  const rules = all.map(({ quotas }): RuleDemand => ({ quotas: quotas.map(noDemand), requests: new Uint32Array(1024) }))
  const byRule = new Map(all.map((rule, i) => [rule, rules[i]]))

  const decided = ({ rule, decision }: RuleDecision, client: number, at: Micros): void => {
    const demand = byRule.get(rule)
    if (demand === undefined || decision.kind === 'unknown') return
    demand.requests = withRoom(demand.requests, client)
    demand.requests[client] = (demand.requests[client] as number) + 1
    for (const [i, { quota, remaining }] of decision.quotas.entries()) {
      const used = usedOf(decision, quota, remaining, rule.cost)
      const demanded = demand.quotas[i] as QuotaDemand
      demanded.overTime.add(at, used)
      demanded.peaks = withRoom(demanded.peaks, client)
      if (used > (demanded.peaks[client] as number)) demanded.peaks[client] = used
    }
  }

  return {
    rules,
    mostClients,
    take(verdict, client, at) {
      if (verdict.kind === 'malformed' || verdict.kind === 'unidentified') return
      if (client < 0 || client >= mostClients) return
      for (const each of verdict.decisions) decided(each, client, at)
      for (const each of verdict.shadows) decided(each, client, at)
    },
  }
}

function mostClientsUnder(policy: Policy): number {
  const cells = rulesAndTrials(policy).reduce((sum, { quotas }) => sum + quotas.length + 1, 0)
  return Math.floor(MOST_CELLS / Math.max(1, cells))
}

function noDemand(): QuotaDemand {
  return { peaks: new Uint32Array(1024), overTime: peaksOverTime() }
}

/** What does not fit even here (a token bucket that takes years to refill) was asked for all the same. */
function usedOf({ kind }: Decision, quota: Quota, remaining: Units, cost: Units): Units {
  return Math.min(MOST_UNITS, sizeOf(quota) - remaining + (kind === 'allowed' ? 0 : cost))
}
