import { after, isPromise } from '../core/awaitable.js'
import type { Charge } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable, Clock, Units } from '../core/units.js'
import type { Alone } from './alone.js'
import { createAlone, decideAlone, noteAlive, noteAnswer, noteAnswers, peekAlone, refundAlone } from './alone.js'
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

  const decideInstead: InsteadOf = (charges) => (error) => {
    if (strictest(charges) !== 'local') return unknown(charges, error, sources)
    sources.local += charges.length
    return decideAlone(alone, charges, error)
  }
  const peekInstead: InsteadOf = (charges) => (error) =>
    strictest(charges) === 'local' ? peekAlone(alone, charges) : unknown(charges, error, noDecisions())

  const wrapped: Store = {
    decide: (charges) => answerOr(() => store.decide(charges), noting(alone, charges), decideInstead(charges)),
    peek: (charges) =>
      answerOr(() => store.peek(charges), noting(alone, charges.map(withoutBlock)), peekInstead(charges)),
    refund(refunds) {
      const others = refunds.filter((refund) => !refundAlone(alone, refund))
      return others.length === 0 && refunds.length > 0 ? undefined : store.refund(others)
    },
    block: (zone, partition, span) =>
      after(store.block(zone, partition, span), () => {
        noteBlock(known, zone.everywhere ?? zone, partition, readTime(time) + span)
      }),
    unblock: (zone, partition) => after(store.unblock(zone, partition), () => forgetBlock(known, zone, partition)),
    reset: (zone, partition) => after(store.reset(zone, partition), () => forget(known, zone, partition)),
  }
  noteDecideOne(wrapped, decidingOne(store, alone, decideInstead))
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

/** What is said of charges where the store gave an error. */
type InsteadOf = (charges: readonly Charge[]) => (error: unknown) => readonly Decision[]

/** `decide` of a single charge, with one promise. */
function decidingOne(store: Store, alone: Alone, insteadOf: InsteadOf): DecideOne {
  const decideOne = decideOneOf(store)
  return (charge) => {
    const note = (decision: Decision): Decision => {
      noteAnswer(alone, charge, decision)
      return decision
    }
    const instead = (error: unknown) => insteadOf([charge])(error)[0] as Decision
    return answerOr(() => decideOne(charge), note, instead)
  }
}

/** A charge as a peek goes by it, whose denial starts no block. */
function withoutBlock(charge: Charge): Charge {
  return { ...charge, block: undefined }
}

function noting(alone: Alone, charges: readonly Charge[]) {
  return (decisions: readonly Decision[]): readonly Decision[] => {
    noteAnswers(alone, charges, decisions)
    return decisions
  }
}

/** What the store answers, once `note` has seen it; where it throws or rejects, what is said instead. */
function answerOr<T>(ask: () => Awaitable<T>, note: (answer: T) => T, instead: (error: unknown) => T): Awaitable<T> {
  try {
    const answer = ask()
    return isPromise(answer) ? answer.then(note, instead) : note(answer)
  } catch (error) {
    return instead(error)
  }
}

function unknown(charges: readonly Charge[], error: unknown, sources: DecisionSources): readonly Decision[] {
  sources.unknown += charges.length
  const decision = { kind: 'unknown', cause: storeError(error) } as const
  return charges.map(() => decision)
}
