import type { NamedOutcomes, QuotaResult, RuleResult } from './result.js'
import type { RuleTally } from './tally/rule-tally.js'

const TENTHS = 10

/** What one rule decided, as it is reported. */
export function ruleResult(tally: RuleTally): RuleResult {
  const { rule, layer, requests, denied, blocked } = tally
  const peaks = new Array<number>(TENTHS + 1).fill(0)
  let clients = 0
  let refusedClients = 0
  for (const [client, peak] of tally.peaks.entries()) {
    if (peak === 0) continue
    clients++
    const refused = tally.refusedClients[client] !== 0
    if (refused) refusedClients++
    const step = refused ? TENTHS : Math.min(TENTHS - 1, Math.floor((peak - 1) / 100))
    peaks[step] = (peaks[step] ?? 0) + 1
  }
  return {
    name: rule.name,
    layer,
    mode: rule.mode,
    quotas: quotaResults(tally),
    requests,
    allowed: requests - denied - blocked,
    denied,
    blocked,
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
  const layers = new Map<string, NamedOutcomes>()
  for (const { rule, layer, requests, denied, blocked } of tallies) {
    if (rule.mode !== 'enforce') continue
    const before = layers.get(layer) ?? { name: layer, requests: 0, allowed: 0, denied: 0, blocked: 0 }
    layers.set(layer, {
      name: layer,
      requests: before.requests + requests,
      allowed: before.allowed + requests - denied - blocked,
      denied: before.denied + denied,
      blocked: before.blocked + blocked,
    })
  }
  return [...layers.values()]
}
