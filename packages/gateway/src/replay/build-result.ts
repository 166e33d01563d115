import type { OrderCount } from '../logs/order.js'
import type { Unparsed } from '../logs/read-log.js'
import type { Replay } from './replay.js'
import type { NamedOutcomes, Refused, RefusedClient, ReplayResult } from './result.js'
import { layerResults, outcomesOf, ruleResult } from './rule-result.js'
import type { Client } from './tally/clients.js'
import { clientName, MOST_CLIENTS, refusedFor } from './tally/clients.js'
import type { Counts } from './tally/counts.js'
import { addAll, noCounts } from './tally/counts.js'
import type { Tally } from './tally/tally.js'

/** What was found out about the logs themselves. */
export interface LogFindings {
  readonly logs: readonly { readonly file: string; readonly format: string }[]
  readonly unparsed: { readonly lines: number; readonly first: readonly Unparsed[] }
  readonly order: OrderCount
}

/** Puts the result of a replay together; of lists at most `top` names. */
export function resultOf(replay: Replay, policy: string, findings: LogFindings, top: number): ReplayResult {
  const { tally } = replay
  const { kept: clients, more: others } = tally.clients
  const count = clients.length + others.all.estimate()
  const refusedOf = (requests: number, refused: (client: Client) => boolean, more = 0): Refused => {
    const some = clients.reduce((sum, client) => sum + (refused(client) ? 1 : 0), 0) + more
    return { requests, clients: some, ...shares(requests, tally.total.requests, some, count) }
  }
  const { denied, blocked } = tally.total
  const more = others.refused.estimate()
  return {
    policy,
    logs: findings.logs,
    ...(tally.first !== undefined && { from: tally.first, to: tally.last }),
    clients: count,
    ...outcomesOf(tally.total),
    denied: refusedOf(denied, (client) => client.denied > 0, more),
    blocked: refusedOf(blocked, (client) => client.blocked > 0),
    refused: refusedOf(denied + blocked, (client) => client.refusals !== undefined, more),
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
    refusedClients: mostRefused(clients, top),
    heat: tally.heat.result(),
    approximate: approximations(replay),
  } satisfies ReplayResult & { denied: Refused; blocked: Refused }
}

function shares(requests: number, allRequests: number, clients: number, allClients: number) {
  return {
    requestShare: allRequests === 0 ? 0 : requests / allRequests,
    clientShare: allClients === 0 ? 0 : clients / allClients,
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
  const refused = [...paths.entries()].filter(({ denied, blocked }) => denied + blocked > 0)
  const sorted = refused.sort((a, b) => b.denied + b.blocked - a.denied - a.blocked || (a.name < b.name ? -1 : 1))
  return sorted.slice(0, top).map((path) => ({ name: path.name, ...outcomesOf(path) }))
}

function botsOf(bots: ReadonlyMap<string, Counts>): ReplayResult['bots'] {
  const all = noCounts()
  for (const counts of bots.values()) addAll(all, counts)
  return { ...outcomesOf(all), byName: byRequests(bots) }
}

function mostRefused(clients: readonly Client[], top: number): RefusedClient[] {
  const refused = clients.filter(({ refusals }) => refusals !== undefined)
  const sorted = refused.sort((a, b) => b.denied + b.blocked - a.denied - a.blocked || a.index - b.index)
  return sorted.slice(0, top).flatMap((client) => {
    const { identity, refusals } = client
    if (refusals === undefined) return []
    const { first, last, succeeded, suspect, timeline } = refusals
    return {
      name: clientName(identity),
      group: identity.group,
      ...outcomesOf(client),
      first,
      last,
      refusedFor: refusedFor(refusals),
      succeeded,
      suspect,
      ...(timeline && { timeline: timeline.result() }),
    }
  })
}

function approximations(replay: Replay): string[] {
  const { tally } = replay
  const more = tally.clients.more.all.estimate()
  const overflowed = replay.overflowed()
  return [
    ...(more > 0
      ? [
          `${MOST_CLIENTS} clients were counted one by one; about ${more} more are estimated, within 2 %, and none of them is listed`,
        ]
      : []),
    ...(tally.clients.kept.length > tally.rules.mostClients
      ? [`peaks and clients by rule are those of the first ${tally.rules.mostClients} clients`]
      : []),
    ...(tally.paths.exact() ? [] : ['there are too many paths to keep each: counts of the rarer ones may be too low']),
    ...(overflowed > 0 ? [`the store was full: ${overflowed} charges shared a partition with others`] : []),
  ]
}
