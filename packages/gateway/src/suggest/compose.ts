import { clientName } from '../replay/tally/clients.js'
import { hasRefused } from '../replay/tally/rule-tally.js'
import type { Suspicion } from './conduct.js'
import type { Confirmed } from './confirm.js'
import type { Measurement } from './measure.js'
import { notesOn } from './notes.js'
import { policyText } from './policy-text.js'
import { ruleComments } from './rule-comments.js'
import type { Outlier, SuggestedRule, Suggestion } from './suggestion.js'
import type { Trial } from './trial.js'
import type { WrittenRule } from './written-rules.js'

/** So many outliers are named. */
const FIRST_OUTLIERS = 10

/** Puts a suggestion together: the text with its reasons, and what a replay of it found. */
export function compose(
  written: readonly WrittenRule[],
  measurement: Measurement,
  confirmed: Confirmed,
  identity: string,
  refuse: number,
): Suggestion {
  const { findings, fitted, heldOut, whole, wholeTrial } = confirmed
  const rules = written.map((rule, index) => suggestedRule(rule, index, measurement, confirmed.fittedTrial))
  const commented = written.map((rule, index) => ({
    ...rule,
    comments: ruleComments(rule, rules[index] as SuggestedRule),
  }))
  const { first = 0, last } = wholeTrial.replay.tally
  const facts = {
    logs: findings.logs,
    unparsed: findings.unparsed.lines,
    from: first,
    to: last,
    refuse,
    rules,
    fitted,
    ...(heldOut && { heldOut }),
    whole,
    outliers: outliersOf(measurement, confirmed.fittedTrial),
  }
  const withNotes = { ...facts, notes: notesOn(refuse, measurement, confirmed) }
  return { yaml: policyText(withNotes, identity, commented), ...withNotes }
}

function suggestedRule(
  { route, fitted, block, like }: WrittenRule,
  index: number,
  { legitimate, conducts, suspicious }: Measurement,
  { replay }: Trial,
): SuggestedRule {
  const tally = replay.tally.rules.all[index]
  const isRefused = (client: number) => tally !== undefined && hasRefused(tally, client)
  const { path, regex, method } = route.match
  const refusedKinds = conducts.flatMap(({ client }) => {
    const suspicion = isRefused(client.index) ? suspicious.get(clientName(client.identity)) : undefined
    return suspicion === undefined ? [] : [suspicion.kind]
  })
  return {
    name: route.name,
    kind: route.kind,
    ...(path !== undefined && { path }),
    ...(regex !== undefined && { regex }),
    ...(method !== undefined && { method }),
    ...(block !== undefined && { block }),
    quotas: (like ?? fitted).quotas.map(({ window, ...figures }) => ({
      quota: `${figures.limit}/${window.name}`,
      ...figures,
    })),
    requests: tally?.requests ?? 0,
    clients: fitted.clients,
    refused: legitimate.filter(isRefused).length,
    outliersRefused: countOf(refusedKinds),
    ...(like && { like: like.route.name }),
  }
}

function countOf(kinds: readonly Suspicion['kind'][]): Partial<Record<Suspicion['kind'], number>> {
  const counts: Partial<Record<Suspicion['kind'], number>> = {}
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

function outliersOf({ suspicious }: Measurement, trial: Trial): Suggestion['outliers'] {
  const all = trial.conducts().flatMap(({ client, requests }): Outlier[] => {
    const name = clientName(client.identity)
    const suspicion = suspicious.get(name)
    return suspicion === undefined ? [] : [{ name, suspicion, requests, refused: client.denied + client.blocked }]
  })
  const counts = countOf(all.map(({ suspicion }) => suspicion.kind))
  return {
    byKind: { bot: 0, rejected: 0, heavy: 0, ...counts },
    first: all.sort((a, b) => b.refused - a.refused || b.requests - a.requests).slice(0, FIRST_OUTLIERS),
  }
}
