import type { Micros, Policy, Verdict } from 'spillway'
import type { LogLine } from '../logs/log-line.js'
import type { Replay } from '../replay/replay.js'
import { replayOf } from '../replay/replay.js'
import type { Client } from '../replay/tally/clients.js'
import { clientName } from '../replay/tally/clients.js'
import { totalsOf } from '../replay/totals.js'
import type { Asking } from '../replay/who.js'
import type { Conduct, Suspicion } from './conduct.js'
import { conductNotes } from './conduct.js'
import type { Effect, RefusedShare } from './suggestion.js'

/** A replay of a part of a log, with notes on how its clients behave. */
export interface Trial {
  readonly replay: Replay
  conducts(): readonly Conduct[]
  take(line: LogLine, at: Micros): void
}

/** A trial of a policy; `hear` is told of each verdict on a client. */
export function trialOf(
  policy: Policy,
  asking: Asking,
  hear?: (client: Client, at: Micros, verdict: Verdict) => void,
): Trial {
  const replay = replayOf(policy, asking)
  const conduct = conductNotes()
  return {
    replay,
    conducts: conduct.all,
    take(line, at) {
      const verdict = replay.decide(line, at)
      if (!('identity' in verdict)) return
      const client = replay.tally.clients.of(verdict.identity)
      conduct.take(client, line)
      hear?.(client, at, verdict)
    },
  }
}

/** What a trial found: of everybody what `replay` says, and of those whom it can tell apart by whether they look legitimate. */
export function effectOf(trial: Trial, suspicious: ReadonlyMap<string, Suspicion>): Effect {
  const { requests, clients, refused } = totalsOf(trial.replay.tally)
  const isSuspicious = ({ client }: Conduct) => suspicious.has(clientName(client.identity))
  return {
    requests,
    refusedRequests: refused.requests,
    all: shareOf(clients, refused.clients),
    legitimate: refusedAmong(trial.conducts().filter((each) => !isSuspicious(each))),
    outliers: refusedAmong(trial.conducts().filter(isSuspicious)),
  }
}

function refusedAmong(conducts: readonly Conduct[]): RefusedShare {
  return shareOf(conducts.length, conducts.filter(({ client }) => client.refusals !== undefined).length)
}

function shareOf(clients: number, refused: number): RefusedShare {
  return { clients, refused, share: clients === 0 ? 0 : refused / clients }
}
