import type { Policy } from 'spillway'
import type { Decider, Replay } from './replay.js'
import { deciderOf } from './replay.js'
import type { DemandTally } from './tally/demand-tally.js'
import { demandTally } from './tally/demand-tally.js'
import type { Asking } from './who.js'
import { withoutLimits } from './without-limits.js'

/** A guard that refuses nothing, and what it has counted. */
export interface Demand extends Decider {
  readonly tally: DemandTally
}

/** Counts what the clients of a replay ask for under its policy, were nothing refused; it sees the same requests. */
export function demandOf(policy: Policy, asking: Asking, { tally: { clients } }: Replay): Demand {
  const unlimited = withoutLimits(policy)
  const tally = demandTally(unlimited)
  const { decide, overflowed } = deciderOf(unlimited, asking, {
    clients,
    take: (_line, at, client, _bot, verdict) => tally.take(verdict, client?.index ?? -1, at),
  })
  return { tally, decide, overflowed }
}
