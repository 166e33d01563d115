import type { Allowed, Policy, QuotaStanding, Verdict } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import type { ClientPeaks } from '../replay/tally/client-peaks.js'
import { noPeaks, notePeak } from '../replay/tally/client-peaks.js'
import type { Client } from '../replay/tally/clients.js'

/** The demand peaks of clients: the most units that each had in use at once of one quota, had nobody been refused. */
export interface DemandPeaks {
  /** By rule and by quota in the order of the policy, then by client. 0: the client never came, or after many others. */
  of(rule: number, quota: number): Uint32Array
}

/** Takes note of the peaks while a replay decides. */
export interface PeakNotes {
  readonly peaks: DemandPeaks
  take(client: Client, verdict: Verdict): void
}

/**
 * Notes on a policy whose limits nobody reaches. A limit refuses exactly the clients whose peak is above it: it is counted
 * by the sliding window that enforces it, in which nothing is missing until the first refusal.
 */
export function peakNotes(policy: Policy): PeakNotes {
  const rules = rulesOf(policy)
  const tables = rules.map(({ quotas }) => quotas.map(noPeaks))
  const tableOf = new Map(rules.map((rule, index) => [rule, tables[index]]))

  return {
    peaks: { of: (rule, quota) => tables[rule]?.[quota]?.peaks ?? new Uint32Array(0) },
    take({ index: client }, verdict) {
      if (client < 0 || verdict.kind !== 'allow') return
      for (const { rule, decision } of verdict.decisions) {
        if (decision.kind === 'allowed') noteQuotas(tableOf.get(rule) ?? [], client, decision)
      }
    },
  }
}

function noteQuotas(table: readonly ClientPeaks[], client: number, { quotas }: Allowed): void {
  for (const [i, peaks] of table.entries()) {
    const { quota, remaining } = quotas[i] as QuotaStanding
    notePeak(peaks, client, quota.limit - remaining)
  }
}
