import type { NamedOutcomes, Outcomes, QuotaResult, RuleResult } from './result.js'
import type { Counts } from './tally/counts.js'
import { addAll, noCounts } from './tally/counts.js'
import type { RuleTally } from './tally/rule-tally.js'
import { FULL, hasRefused } from './tally/rule-tally.js'

const TENTHS = 10

/** Counts as they are reported. */
export function outcomesOf({ requests, denied, blocked }: Counts): Outcomes {
  return { requests, allowed: requests - denied - blocked, denied, blocked }
}

/** What one rule decided, as it is reported. */
export function ruleResult(tally: RuleTally): RuleResult {
  const { rule, layer } = tally
  const peaks = new Array<number>(TENTHS + 1).fill(0)
  let clients = 0
  let refusedClients = 0
  for (const [client, use] of tally.uses.entries()) {
    if (use === 0) continue
    clients++
    if (hasRefused(tally, client)) refusedClients++
    // Of a client that was refused it is the step beyond the last tenth.
    const step = Math.floor(((use - 1) * TENTHS) / FULL)
    peaks[step] = (peaks[step] ?? 0) + 1
  }
  return {
    name: rule.name,
    layer,
    mode: rule.mode,
    quotas: quotaResults(tally),
    ...outcomesOf(tally),
    clients,
    refusedClients,
    peaks,
    timeline: tally.timeline.result(),
  }
}

function quotaResults({ rule, deniedBy }: RuleTally): QuotaResult[] {
  return rule.quotas.map(({ quota }, i) => ({
    name: rule.quotaNames[i] ?? rule.name,
    limit: quota.limit,
    ...('window' in quota && { window: quota.window }),
    algorithm: quota.algorithm,
    denied: deniedBy[i] ?? 0,
  }))
}

/** What each layer decided: of each request one of its rules at most. */
export function layerResults(tallies: readonly RuleTally[]): NamedOutcomes[] {
  const layers = new Map<string, Counts>()
  for (const tally of tallies) {
    if (tally.rule.mode !== 'enforce') continue
    const counts = layers.get(tally.layer) ?? noCounts()
    addAll(counts, tally)
    layers.set(tally.layer, counts)
  }
  return [...layers].map(([name, counts]) => ({ name, ...outcomesOf(counts) }))
}
