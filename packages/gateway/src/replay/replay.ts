import type { Guard, Identity, IdentitySource, Micros, Policy, Verdict } from 'spillway'
import { createGuard, memoryStore } from 'spillway'
import { clientIp } from 'spillway/identity'
import type { LogLine } from '../logs/log-line.js'
import { emptyLine } from '../logs/log-line.js'
import { markOf, readerNumber, setMark } from '../logs/text.js'
import { unreadBody } from '../policy-file/unread-body.js'
import { botName } from './bots.js'
import type { Client, Clients } from './tally/clients.js'
import type { Tally } from './tally/tally.js'
import { tallyOf } from './tally/tally.js'
import type { GroupOf, LoggedRequest, UserField } from './who.js'
import { loggedRequest, logSources } from './who.js'

/** Who asks, where the log says it otherwise than the policy. */
export interface Asking {
  readonly user?: UserField
  readonly groups: GroupOf
}

/** A policy's guard under a clock that the log moves. */
export interface Decider {
  /** What the guard says of a request, at a time: microseconds since the epoch. */
  decide(line: LogLine, at: Micros): Verdict
  /** Requests that shared a partition with others, as the store was full. */
  overflowed(): number
}

/** A decider with what it has counted. */
export interface Replay extends Decider {
  readonly tally: Tally
}

/** What hears of each decision. */
export type Listener = Pick<Tally, 'clients' | 'take'>

const MEBIBYTE = 1024 * 1024
const STORE_BYTES = 96 * MEBIBYTE

/** Runs requests of a log through the guard of a policy, and counts what becomes of them. */
export function replayOf(policy: Policy, asking: Asking): Replay {
  const tally = tallyOf(policy)
  const { decide, overflowed } = deciderOf(policy, asking, tally)
  return { tally, decide, overflowed }
}

/**
 * Runs requests of a log through the guard of a policy: the very one that enforces it, with a store in memory. What the
 * answer was, as the log has it, is told to the guard, for rules that charge by the response.
 */
export function deciderOf(policy: Policy, asking: Asking, listener: Listener): Decider {
  const clock = { moment: 0, now: () => clock.moment }
  const store = memoryStore({ clock, maxBytes: STORE_BYTES })
  const request = loggedRequest(emptyLine(), asking.user)
  const clientOf = clientFinder(policy, asking, request, listener.clients)
  let client: Client | undefined
  const guard = createGuard(policy, {
    store,
    identity: [() => client?.identity, ...addressSources(policy)],
    ...unreadBody(policy),
  })
  const botOf = botFinder()

  return {
    decide(line, at) {
      clock.moment = at
      request.line = line
      client = clientOf(line)
      const verdict = decided(guard, request)
      if (guard.settles && verdict.kind === 'allow') void guard.settle(verdict, line.status)
      listener.take(line, at, client, botOf(line), verdict)
      return verdict
    },
    overflowed: () => store.stats().overflowed,
  }
}

function decided(guard: Guard, request: LoggedRequest): Verdict {
  const verdict = guard.decide(request)
  if ('then' in verdict) throw new TypeError('a replay asks nobody who answers later')
  return verdict
}

/** The guard asks the finder below who asks; what it counts by address it reads as the policy says. */
function addressSources({ identity }: Policy): IdentitySource[] {
  return identity.flatMap((config) => (config.source === 'ip' ? [clientIp(config.options)] : []))
}

/** Whether a source asks for the user agent, which nearly every line has: other headers are among a line's `fields`. */
function readsUserAgent({ identity }: Policy): boolean {
  return identity.some((config) => config.source === 'header' && config.options.name.toLowerCase() === 'user-agent')
}

/** Finds the client of a line. Where the address alone says who it is, the sources are asked once for each address. */
function clientFinder(policy: Policy, { user, groups }: Asking, request: LoggedRequest, clients: Clients) {
  const reader = readerNumber()
  const sources = logSources(policy, user, groups)
  const byAddress = (user === undefined || user.by === 'address') && !readsUserAgent(policy)

  const find = (): Client | undefined => {
    for (const source of sources) {
      const found = source(request)
      if (found !== undefined && !('then' in found)) return clients.of(inGroup(found, groups))
    }
    return undefined
  }

  return (line: LogLine): Client | undefined => {
    if (!byAddress || line.user !== undefined || line.fields !== undefined) return find()
    const known = markOf(line.address, reader) as Client | undefined
    if (known !== undefined) return known
    const found = find()
    if (found !== undefined && found.index >= 0) setMark(line.address, reader, found)
    return found
  }
}

function inGroup(identity: Identity, groups: GroupOf): Identity {
  const group = groups.get(identity.user)
  return group === undefined || identity.group !== 'default' ? identity : { ...identity, group }
}

interface BotMark {
  readonly name: string | undefined
}

/** Finds the name of a known bot in a line's user agent: each agent is looked at once. */
export function botFinder(): (line: LogLine) => string | undefined {
  const reader = readerNumber()
  return ({ userAgent }) => {
    if (userAgent === undefined) return undefined
    const known = markOf(userAgent, reader) as BotMark | undefined
    if (known !== undefined) return known.name
    const mark: BotMark = { name: botName(userAgent.text) }
    setMark(userAgent, reader, mark)
    return mark.name
  }
}
