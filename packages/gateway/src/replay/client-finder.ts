import type { Identity, Policy } from 'spillway'
import type { LogLine } from '../logs/log-line.js'
import { markOf, newMarker, setMark } from '../logs/text.js'
import type { Client, Clients } from './tally/clients.js'
import type { Asking, GroupOf, LoggedRequest } from './who.js'
import { logSources } from './who.js'

/** Finds the client of a line. Where the address alone says who it is, the sources are asked once for each address. */
export function clientFinder(
  policy: Policy,
  asking: Asking,
  request: LoggedRequest,
  clients: Clients,
): (line: LogLine) => Client | undefined {
  const { user, groups } = asking
  const marker = newMarker<Client>()
  const sources = logSources(policy, asking, request)
  const byAddress = (user === undefined || user.by === 'address') && !readsUserAgent(policy)

  const find = (): Client | undefined => {
    for (const source of sources) {
      const found = source(request)
      if (found !== undefined && !('then' in found)) return clients.of(inGroup(found, groups))
    }
    return undefined
  }

  return (line) => {
    if (!byAddress || line.user !== undefined || line.fields !== undefined) return find()
    const known = markOf(line.address, marker)
    if (known !== undefined) return known
    const found = find()
    if (found !== undefined && found.index >= 0) setMark(line.address, marker, found)
    return found
  }
}

/** Whether a source asks for the user agent, which nearly every line has: other headers are among a line's `fields`. */
function readsUserAgent({ identity }: Policy): boolean {
  return identity.some((config) => config.source === 'header' && config.options.name.toLowerCase() === 'user-agent')
}

function inGroup(identity: Identity, groups: GroupOf): Identity {
  const group = groups.get(identity.user)
  return group === undefined || identity.group !== 'default' ? identity : { ...identity, group }
}
