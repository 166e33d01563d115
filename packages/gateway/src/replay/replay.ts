import type { Guard, IdentitySource, Micros, Policy, Verdict } from 'spillway'
import { createGuard, memoryStore } from 'spillway'
import { clientIp } from 'spillway/identity'
import type { LogLine } from '../logs/log-line.js'
import { emptyLine } from '../logs/log-line.js'
import { unreadBody } from '../policy-file/unread-body.js'
import { botFinder } from './bots.js'
import { clientFinder } from './client-finder.js'
import type { Client } from './tally/clients.js'
import type { Tally } from './tally/tally.js'
import { tallyOf } from './tally/tally.js'
import type { Asking, LoggedRequest } from './who.js'
import { loggedRequest } from './who.js'

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

/** The guard asks the finder who asks; what it counts by address it reads as the policy says. */
function addressSources({ identity }: Policy): IdentitySource[] {
  return identity.flatMap((config) => (config.source === 'ip' ? [clientIp(config.options)] : []))
}
