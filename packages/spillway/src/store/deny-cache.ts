import { after, isPromise } from '../core/awaitable.js'
import type { Charge, Zone } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable, Clock } from '../core/units.js'
import type { DecisionSources } from './calls.js'
import { noDecisions } from './calls.js'
import { monotonicClock, readTime, storeTime } from './memory/clock.js'
import type { Records } from './refusals.js'
import { changed, createRecords, recallRefusal, rememberRefusal } from './refusals.js'
import type { Store } from './store.js'
import { decideSeenOf, noteDecideOne } from './store.js'

/** How a deny cache is run. */
export interface DenyCacheOptions {
  /** Default: the process's monotonic clock. */
  readonly clock?: Clock
  /** Where its decisions are counted, as `denyCache`. */
  readonly sources?: DecisionSources
  /** The most partitions that it keeps in mind; beyond it forgets them all and learns anew. Default 100,000. */
  readonly maxPartitions?: number
}

/**
 * A store that need not be asked again about what it has just refused: the same charge (its cost, quotas and block) is
 * refused in this process until it would pass, for at most a second at a time, with the figures moved on. In that second
 * a refund, a reset, an unblocking or another quota that came from another process goes unnoticed; one that came through
 * this store is noticed at once, as is every charge that passes.
 *
 * A denial that starts a block is not kept, the `blocked` after it is. Charges that were refused together are answered
 * together: the figures of those among them that were not to blame may be a second old too, where another process draws
 * on the same partition. Where its clock steps back, time stands still for it.
 */
export function denyCache(store: Store, options: DenyCacheOptions = {}): Store {
  const { clock = monotonicClock(), sources = noDecisions(), maxPartitions = 100_000 } = options
  const records = createRecords(maxPartitions)
  const time = storeTime(clock)

  function learn(charges: readonly Charge[], decisions: readonly Decision[]): readonly Decision[] {
    rememberRefusal(records, charges, decisions, readTime(time))
    return decisions
  }

  const denying: Store = {
    decide(charges) {
      const refused = recallRefusal(records, charges, time)
      if (refused !== undefined) {
        sources.denyCache += refused.length
        return refused
      }
      return after(store.decide(charges), (decisions) => learn(charges, decisions))
    },
    peek: (charges) => store.peek(charges),
    refund(refunds) {
      const forget = () => {
        for (const { zone, partition } of refunds) changed(records, zone, partition)
      }
      return forgetting(forget, store.refund(refunds))
    },
    block: (zone, partition, span) =>
      forgetting(forgetOf(records, zone, partition), store.block(zone, partition, span)),
    unblock: (zone, partition) => forgetting(forgetOf(records, zone, partition), store.unblock(zone, partition)),
    reset: (zone, partition) => forgetting(forgetOf(records, zone, partition), store.reset(zone, partition)),
  }
  const decideSeen = decideSeenOf(store)
  noteDecideOne(denying, (charge) => {
    const charges = [charge]
    const refused = recallRefusal(records, charges, time)
    if (refused === undefined) return decideSeen(charge, (decision) => learn(charges, [decision]))
    sources.denyCache++
    return refused[0] as Decision
  })
  return denying
}

function forgetOf(records: Records, zone: Zone, partition: string): () => void {
  return () => changed(records, zone, partition)
}

/** Before the answer, as requests may come meanwhile, and after it, as refusals may have come that are older. */
function forgetting(forget: () => void, done: Awaitable<void>): Awaitable<void> {
  forget()
  return isPromise(done) ? done.finally(forget) : done
}
