import { approximations } from './approximations.js'
import type { Replay } from './replay.js'
import type { NamedOutcomes, RefusedClient, ReplayResult } from './result.js'
import { layerResults, outcomesOf, ruleResult } from './rule-result.js'
import type { LogFindings } from './run.js'
import type { Client, Refusals } from './tally/clients.js'
import { clientName, refusedFor } from './tally/clients.js'
import type { Counts } from './tally/counts.js'
import { addAll, noCounts } from './tally/counts.js'
import type { Tally } from './tally/tally.js'
import { totalsOf } from './totals.js'

/** Puts the result of a replay together; of lists at most `top` names. */
export function resultOf(replay: Replay, policy: string, findings: LogFindings, top: number): ReplayResult {
  const { tally } = replay
  return {
    policy,
    logs: findings.logs,
    ...(tally.first !== undefined && { from: tally.first, to: tally.last }),
    ...totalsOf(tally),
    refusedBy: tally.refusedBy,
    unlimited: tally.unlimited,
    malformed: tally.malformed,
    unidentified: tally.unidentified,
    unparsed: findings.unparsed,
    order: { ...findings.order },
    layers: layerResults(tally.rules.all),
    rules: tally.rules.all.map(ruleResult),
    groups: byRequests(tally.groups),
    statuses: byRequests(statusesOf(tally)),
    paths: pathsOf(tally, top),
    bots: botsOf(tally.bots),
    refusedClients: mostRefused(tally.clients.kept, top),
    heat: tally.heat.result(),
    approximate: approximations(replay),
  }
}

function statusesOf({ statuses }: Tally): ReadonlyMap<string, Counts> {
  return new Map(
    statuses.flatMap((counts, status) => (counts === undefined ? [] : [[String(status), counts] as const])),
  )
}

function byRequests(table: ReadonlyMap<string, Counts>): NamedOutcomes[] {
  const named = [...table].map(([name, counts]) => ({ name, ...outcomesOf(counts) }))
  return named.sort((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1))
}

function pathsOf({ paths }: Tally, top: number): NamedOutcomes[] {
  const refused = [...paths.entries()].filter((path) => refusedRequests(path) > 0)
  const sorted = refused.sort((a, b) => refusedRequests(b) - refusedRequests(a) || (a.name < b.name ? -1 : 1))
  return sorted.slice(0, top).map((path) => ({ name: path.name, ...outcomesOf(path) }))
}

function refusedRequests({ denied, blocked }: Counts): number {
  return denied + blocked
}

function botsOf(bots: ReadonlyMap<string, Counts>): ReplayResult['bots'] {
  const all = noCounts()
  for (const counts of bots.values()) addAll(all, counts)
  return { ...outcomesOf(all), byName: byRequests(bots) }
}

function mostRefused(clients: readonly Client[], top: number): RefusedClient[] {
  const refused = clients.filter((client) => client.refusals !== undefined)
  const most = refused.sort((a, b) => refusedRequests(b) - refusedRequests(a)).slice(0, top)
  return most.flatMap((client) => (client.refusals === undefined ? [] : [refusedClient(client, client.refusals)]))
}

function refusedClient(client: Client, refusals: Refusals): RefusedClient {
  const { first, last, succeeded, suspect, timeline } = refusals
  return {
    name: clientName(client.identity),
    group: client.identity.group,
    ...outcomesOf(client),
    first,
    last,
    refusedFor: refusedFor(refusals),
    succeeded,
    suspect,
    ...(timeline && { timeline: timeline.result() }),
  }
}
