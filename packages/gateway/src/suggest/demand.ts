import type { Units, Verdict } from 'spillway'
import type { Replay } from '../replay/replay.js'
import type { Client } from '../replay/tally/clients.js'

/** The demand peaks of clients: the most units that each had in use at once of one quota, had nobody been refused. */
export interface Peaks {
  /** By rule and by quota in the order of the policy, then by client. 0: the client never came, or after many others. */
  of(rule: number, quota: number): Uint32Array
}

/** Takes note of the peaks while a replay decides. */
export interface PeakNotes {
  readonly peaks: Peaks
  take(client: Client, verdict: Verdict): void
}

/**
 * Notes on a replay of a policy whose limits nobody reaches. A limit refuses exactly the clients whose peak is above it:
 * it is counted by the sliding window that enforces it, in which nothing is missing until the first refusal.
 */
export function peakNotes({ tally }: Replay): PeakNotes {
  const { all } = tally.rules
  const tables = all.map(({ rule }) => rule.quotas.map(() => new Uint32Array(1024)))
  const indexOf = new Map(all.map(({ rule }, index) => [rule, index]))

  return {
    peaks: { of: (rule, quota) => tables[rule]?.[quota] ?? new Uint32Array(0) },
    take({ index: client }, verdict) {
      if (client < 0 || verdict.kind !== 'allow') return
      for (const { rule, decision } of verdict.decisions) {
        const table = tables[indexOf.get(rule) ?? -1]
        if (table === undefined || decision.kind !== 'allowed') continue
        for (const [i, { quota, remaining }] of decision.quotas.entries())
          note(table, i, client, quota.limit - remaining)
      }
    },
  }
}

function note(table: Uint32Array[], quota: number, client: number, used: Units): void {
  let peaks = table[quota] as Uint32Array
  if (client >= peaks.length) {
    peaks = new Uint32Array(Math.max(client + 1, 2 * peaks.length))
    peaks.set(table[quota] as Uint32Array)
    table[quota] = peaks
  }
  if (used > (peaks[client] as number)) peaks[client] = used
}
