import type { Replay } from './replay.js'
import type { ComparedClient, CompareResult } from './result.js'
import type { Client } from './tally/clients.js'
import { clientName } from './tally/clients.js'

/**
 * Which clients another policy would refuse that this one lets through, and the other way round. Both have seen every
 * request in the same pass; a client is the same where it has the same name.
 */
export function compare(replay: Replay, other: Replay, policy: string, top: number): CompareResult {
  const ours = refusedBy(replay)
  const theirs = refusedBy(other)
  const { denied, blocked } = other.tally.total
  return {
    policy,
    refused: { requests: denied + blocked, clients: theirs.size },
    newlyRefused: difference(theirs, ours, top),
    newlyFreed: difference(ours, theirs, top),
  }
}

function refusedBy({ tally }: Replay): ReadonlyMap<string, Client> {
  const refused = tally.clients.kept.filter(({ refusals }) => refusals !== undefined)
  return new Map(refused.map((client) => [clientName(client.identity), client]))
}

function difference(
  some: ReadonlyMap<string, Client>,
  without: ReadonlyMap<string, Client>,
  top: number,
): CompareResult['newlyRefused'] {
  const only = [...some].filter(([name]) => !without.has(name))
  const first = only
    .map(([name, { requests, denied, blocked }]): ComparedClient => ({ name, requests, refused: denied + blocked }))
    .sort((a, b) => b.refused - a.refused || (a.name < b.name ? -1 : 1))
    .slice(0, top)
  return { clients: only.length, first }
}
