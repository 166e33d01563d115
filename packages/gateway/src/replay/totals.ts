import type { Refused, ReplayResult } from './result.js'
import { outcomesOf } from './rule-result.js'
import type { Client } from './tally/clients.js'
import type { Tally } from './tally/tally.js'

/** All requests and clients of a replay, and how many of them were refused. */
export type Totals = Pick<ReplayResult, 'requests' | 'clients' | 'allowed' | 'denied' | 'blocked' | 'refused'>

/** Sums up what became of all requests; clients beyond those that are kept are estimated. */
export function totalsOf({ total, clients: { kept, more } }: Tally): Totals {
  const clients = kept.length + more.all.estimate()
  const refusedMore = more.refused.estimate()
  const refusedOf = (requests: number, isRefused: (client: Client) => boolean, others = 0): Refused => {
    const some = kept.reduce((sum, client) => sum + (isRefused(client) ? 1 : 0), 0) + others
    return {
      requests,
      clients: some,
      requestShare: total.requests === 0 ? 0 : requests / total.requests,
      clientShare: clients === 0 ? 0 : some / clients,
    }
  }
  return {
    clients,
    ...outcomesOf(total),
    denied: refusedOf(total.denied, (client) => client.denied > 0, refusedMore),
    blocked: refusedOf(total.blocked, (client) => client.blocked > 0),
    refused: refusedOf(total.denied + total.blocked, (client) => client.refusals !== undefined, refusedMore),
  }
}
