import { after } from '../core/awaitable.js'
import type { Charge, Refund } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable, Clock } from '../core/units.js'
import type { DecisionSources } from './calls.js'
import { noDecisions } from './calls.js'
import { look, refundOf, takeBack } from './held.js'
import type { Leases } from './leases.js'
import { ask, busyOf, decideLeased, end, endAll, endIfBlocked } from './leases.js'
import { monotonicClock, readTime, storeTime } from './memory/clock.js'
import type { Store } from './store.js'
import { decideOneOf, noteDecideOne } from './store.js'

/** How leases are taken. */
export interface LeaseOptions {
  /** Default: the process's monotonic clock. */
  readonly clock?: Clock
  /** Where decisions under a lease are counted, as `lease`. */
  readonly sources?: DecisionSources
  /** Of how many partitions it notes when they last asked; beyond that it begins anew. Default 10,000. */
  readonly maxPartitions?: number
}

/** A store that holds units of busy partitions in this process. */
export interface LeasingStore extends Store {
  /** Gives back all units that are held, and takes no more. Resolves when the store has them, or has failed to answer. */
  close(): Promise<void>
}

/**
 * Takes `lease.size` units in one call for a partition that is asked for more than once within `lease.for`, and hands them
 * out in this process while the lease lasts; what is left then goes back. Never more than the limit passes in any window:
 * the store counts the units as taken when the lease ends. Where so many do not fit, each charge is put to the store by
 * itself; so is one above the size, and a request with several charges.
 *
 * The figures of a decision under a lease are the store's at its beginning, less what this process handed out: what others
 * took since is not in them. A refund of such a decision goes back into the lease while it lasts. A block or a reset that
 * comes through this store ends the lease; one in another process is seen when the lease ends.
 */
export function lease(store: Store, options: LeaseOptions = {}): LeasingStore {
  const leases = createLeases(store, options)
  const leasing: LeasingStore = {
    decide(charges) {
      const [charge] = charges
      if (charges.length !== 1 || charge?.lease === undefined) return decideAll(leases, charges)
      const decision = decideLeased(leases, charge, charge.lease)
      return after(decision, (later) => [later])
    },
    peek(charges) {
      const [charge] = charges
      const held = charges.length === 1 && charge && busyOf(leases, charge.zone, charge.partition)?.held
      const decision = held && held.charge.quotas === charge.quotas && look(held, charge.cost, readTime(leases.time))
      return decision ? [decision] : store.peek(charges)
    },
    refund(refunds) {
      const others = refunds.flatMap((refund) => refundTo(leases, refund))
      return refunds.length > 0 && others.length === 0 ? undefined : store.refund(others)
    },
    async block(zone, partition, span) {
      await Promise.all([end(leases, partition), store.block(zone, partition, span)])
    },
    unblock: (zone, partition) => store.unblock(zone, partition),
    async reset(zone, partition) {
      await Promise.all([end(leases, partition), store.reset(zone, partition)])
    },
    close: () => endAll(leases),
  }
  noteDecideOne(leasing, (charge) =>
    charge.lease === undefined ? ask(leases, charge) : decideLeased(leases, charge, charge.lease),
  )
  return leasing
}

function createLeases(store: Store, options: LeaseOptions): Leases {
  const { clock = monotonicClock(), sources = noDecisions(), maxPartitions = 10_000 } = options
  return {
    store,
    decideOne: decideOneOf(store),
    time: storeTime(clock),
    sources,
    maxPartitions,
    zones: new Map(),
    partitions: 0,
    active: new Set(),
    origins: new WeakMap(),
    refunded: new WeakMap(),
    closed: false,
  }
}

function decideAll(leases: Leases, charges: readonly Charge[]): Awaitable<readonly Decision[]> {
  const answers = leases.store.decide(charges)
  if (charges.every(({ block }) => block === undefined)) return answers
  return after(answers, (decisions) => {
    for (const [i, decision] of decisions.entries()) endIfBlocked(leases, charges[i] as Charge, decision)
    return decisions
  })
}

/** What of a refund is for the store: units that a lease handed out go back into it, or, when it is over, by its decision. */
function refundTo(leases: Leases, refund: Refund): readonly Refund[] {
  const { decision, cost } = refund
  const held = decision && leases.origins.get(decision)
  if (decision?.kind !== 'allowed' || held === undefined) return [refund]

  const before = leases.refunded.get(decision) ?? 0
  const units = Math.min(cost, decision.taken - before)
  if (units === 0) return []
  leases.refunded.set(decision, before + units)
  return takeBack(held, units, readTime(leases.time)) ? [] : [refundOf(held, units)]
}
