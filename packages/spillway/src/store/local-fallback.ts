import { isPromise } from '../core/awaitable.js'
import type { Charge } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable, Clock, Units } from '../core/units.js'
import type { Alone } from './alone.js'
import { createAlone, decideAlone, isRefundedAlone, noteAlive, noteAnswer, noteAnswers, peekAlone } from './alone.js'
import type { DecisionSources, OnStoreEvent } from './calls.js'
import { noDecisions } from './calls.js'
import { storeError, strictest } from './failure.js'
import { forget, forgetBlock, noteBlock } from './last-known.js'
import { monotonicClock, readTime } from './memory/clock.js'
import { neverFails, noteNeverFails } from './never-fails.js'
import type { DecideOne, Store } from './store.js'
import { decideOneOf, noteDecideOne } from './store.js'

/** How a process decides alone. */
export interface LocalFallbackOptions {
  /** How many processes share the store: each decides by its share of a limit. Default 1. */
  readonly replicas?: () => Units
  /** Default: the process's monotonic clock. */
  readonly clock?: Clock
  /** Hears of `local` and `recovered`. */
  readonly onEvent?: OnStoreEvent
  /** Where decisions of no store are counted, as `local` and `unknown`. */
  readonly sources?: DecisionSources
  /** Calls back whenever the store is heard to be alive, so that `recovered` waits for no request. Absent: it does. */
  readonly whenAlive?: (listener: () => void) => void
  /** Of how many partitions the last figures are kept. Default 100,000. */
  readonly maxPartitions?: number
}

/**
 * A store whose `decide` and `peek` never fail. Where `store` throws or rejects, the strictest failure policy of the
 * charges answers. Under `allow` and `deny` every decision is `unknown`. Under `local` this process decides alone, in
 * memory: each limit is divided by the number of replicas and rounded up, a cost above that share passes once, and no more
 * passes than was last known to remain; blocks that were last known hold. So all replicas together admit, from the failure
 * on, at most the limit in any window, and one unit more for each. What a process decided alone it remembers until it no
 * longer counts, so that a store which fails now and then hands out no share twice.
 *
 * What manages a partition goes to `store`, and fails with it; but units that were taken here are given back here. A
 * store that never fails is returned as it is: a memory store, and one that has been wrapped already.
 */
export function localFallback(store: Store, options: LocalFallbackOptions = {}): Store {
  if (neverFails(store)) return store
  const { sources = noDecisions() } = options
  const alone = createAlone({ clock: monotonicClock(), replicas: () => 1, maxPartitions: 100_000, ...options })
  const { known, time } = alone
  options.whenAlive?.(() => noteAlive(alone))

  const decideInstead = (charges: readonly Charge[], error: unknown): readonly Decision[] => {
    if (strictest(charges) !== 'local') return unknown(charges, error, sources)
    sources.local += charges.length
    return decideAlone(alone, charges, error)
  }
  const wrapped: Store = {
    decide: (charges) =>
      answered(
        charges,
        (asked) => store.decide(asked),
        alone,
        (error) => decideInstead(charges, error),
      ),
    peek: (charges) =>
      answered(
        charges,
        (asked) => store.peek(asked),
        alone,
        (error) =>
          strictest(charges) === 'local' ? peekAlone(alone, charges) : unknown(charges, error, noDecisions()),
      ),
    refund(refunds) {
      const others = refunds.filter((refund) => !isRefundedAlone(alone, refund))
      return others.length === 0 && refunds.length > 0 ? undefined : store.refund(others)
    },
    block: (zone, partition, span) =>
      after(store.block(zone, partition, span), () => {
        noteBlock(known, zone.everywhere ?? zone, partition, readTime(time) + span)
      }),
    unblock: (zone, partition) => after(store.unblock(zone, partition), () => forgetBlock(known, zone, partition)),
    reset: (zone, partition) => after(store.reset(zone, partition), () => forget(known, zone, partition)),
  }
  noteDecideOne(
    wrapped,
    decidingOne(store, alone, (charge, error) => decideInstead([charge], error)[0] as Decision),
  )
  noteNeverFails(wrapped)
  return wrapped
}

const shared = new WeakMap<Store, Store>()

/** The local fallback that all guards and limiters on one store share, as they share its counts. */
export function sharedFallback(store: Store): Store {
  const known = shared.get(store)
  if (known !== undefined) return known
  const made = localFallback(store)
  shared.set(store, made)
  return made
}

/** `decide` of a single charge, with one promise. */
function decidingOne(store: Store, alone: Alone, insteadOf: (charge: Charge, error: unknown) => Decision): DecideOne {
  const decideOne = decideOneOf(store)
  return (charge) => {
    const note = (decision: Decision): Decision => {
      noteAnswer(alone, charge, decision)
      return decision
    }
    const instead = (error: unknown) => insteadOf(charge, error)
    try {
      const decision = decideOne(charge)
      return isPromise(decision) ? decision.then(note, instead) : note(decision)
    } catch (error) {
      return instead(error)
    }
  }
}

type Decide = (charges: readonly Charge[]) => Awaitable<readonly Decision[]>

function answered(
  charges: readonly Charge[],
  ask: Decide,
  alone: Alone,
  instead: (error: unknown) => readonly Decision[],
): ReturnType<Decide> {
  const note = (decisions: readonly Decision[]): readonly Decision[] => {
    noteAnswers(alone, charges, decisions)
    return decisions
  }
  try {
    const decisions = ask(charges)
    return isPromise(decisions) ? decisions.then(note, instead) : note(decisions)
  } catch (error) {
    return instead(error)
  }
}

function unknown(charges: readonly Charge[], error: unknown, sources: DecisionSources): readonly Decision[] {
  sources.unknown += charges.length
  const decision = { kind: 'unknown', cause: storeError(error) } as const
  return charges.map(() => decision)
}

function after(done: Awaitable<void>, run: () => void): Awaitable<void> {
  return isPromise(done) ? done.then(run) : run()
}
