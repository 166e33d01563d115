import type { Decision, Micros, Policy, Quota, Rule, Units } from 'spillway'
import { rulesAndTrials } from '../../policy-file/rules.js'
import { sizeOf } from '../without-limits.js'
import type { ClientPeaks } from './client-peaks.js'
import { noPeaks, notePeak, withRoom } from './client-peaks.js'
import type { Peaks } from './peaks.js'
import { peaksOverTime } from './peaks.js'

/** What clients ask for under a rule, were nothing refused. */
export interface RuleDemand {
  readonly quotas: readonly QuotaDemand[]
  /** By client: how many requests came to the rule. */
  requests: Uint32Array
}

/** What clients ask for at once under one quota, were nothing refused. */
export interface QuotaDemand extends ClientPeaks {
  /** The most that any client has met. */
  readonly overTime: Peaks
}

/** What clients ask for under each rule of a policy. */
export interface DemandTally {
  /** In the order of the policy, each rule with its trials. */
  readonly rules: readonly RuleDemand[]
  /** Clients beyond this number are not counted. */
  readonly mostClients: number
  /** Takes the decision of a guard that refuses nothing. */
  decided(rule: Rule, decision: Decision, client: number, at: Micros): void
}

/** Numbers that are kept of clients, by rule and quota, at most. */
const MOST_CELLS = 8_000_000
const MOST_UNITS = 2 ** 32 - 1

/** A tally for a policy without limits. */
export function demandTally(policy: Policy): DemandTally {
  const all = rulesAndTrials(policy)
  const demands = all.map(
    ({ quotas }): RuleDemand => ({ quotas: quotas.map(noDemand), requests: new Uint32Array(1024) }),
  )
  const byRule = new Map(all.map((rule, i) => [rule, demands[i]]))
  const cells = all.reduce((sum, { quotas }) => sum + quotas.length + 1, 0)
  const mostClients = Math.floor(MOST_CELLS / Math.max(1, cells))

  return {
    rules: demands,
    mostClients,
    decided(rule, decision, client, at) {
      const demand = byRule.get(rule)
      if (demand === undefined || decision.kind === 'unknown' || client < 0 || client >= mostClients) return
      demand.requests = withRoom(demand.requests, client)
      demand.requests[client] = (demand.requests[client] as number) + 1
      for (const [i, { quota, remaining }] of decision.quotas.entries()) {
        const used = usedOf(decision, quota, remaining, rule.cost)
        const demanded = demand.quotas[i] as QuotaDemand
        demanded.overTime.add(at, used)
        notePeak(demanded, client, used)
      }
    },
  }
}

function noDemand(): QuotaDemand {
  return { ...noPeaks(), overTime: peaksOverTime() }
}

/** What does not fit even here (a token bucket that takes years to refill) was asked for all the same. */
function usedOf({ kind }: Decision, quota: Quota, remaining: Units, cost: Units): Units {
  return Math.min(MOST_UNITS, sizeOf(quota) - remaining + (kind === 'allowed' ? 0 : cost))
}
