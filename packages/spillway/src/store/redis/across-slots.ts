import type { Refund } from '../../core/charge.js'
import type { Decision } from '../../core/decision.js'
import type { Micros } from '../../core/units.js'
import { bySlot } from '../by-slot.js'
import { within } from '../deadline.js'
import { storeError } from '../failure.js'
import type { Store } from '../store.js'
import { decideOneOf, decideSeenOf, noteDecideOne, noteDecideSeen } from '../store.js'
import type { Decided, Part, SlotOf } from './parts.js'
import { inPlace, partsOf } from './parts.js'

/**
 * A store over a cluster, which can take all or nothing only within one hash slot. A request whose charges lie in one
 * slot is put to `store` as it is. Any other is charged slot after slot, the caller's own partitions first, those that
 * callers share last (`everyone`, `path:`, `method:`, `group:`), until one refuses:
 *
 * - what was taken before is given back, each charge by its decision, and answered as a peek then answers it: `allowed`
 *   with `taken: 0` and the figures that stand after, unless somebody else took the last units meanwhile;
 * - the slots after it are only peeked at, and start no block;
 * - a slot that fails meanwhile answers `unknown` for its charges: the refusal stands.
 *
 * Where a slot fails before any refused, or the whole takes longer than `limit`, the call rejects, and what was taken is
 * given back as far as the store can be reached. So nobody gets more than the limit; two requests after the last units
 * may both be refused; and units that cannot be given back, as the process ends or the slot fails between the two steps,
 * stay taken until their window has passed.
 *
 * A peek asks all slots at once and takes nothing, so that it has nothing to give back.
 */
export function acrossSlots(store: Store, slotOf: SlotOf, limit: Micros): Store {
  const apart: Store = {
    ...store,
    decide(charges) {
      const parts = partsOf(charges, slotOf)
      return parts.length > 1 ? decideInTurn(store, parts, limit) : store.decide(charges)
    },
    peek(charges) {
      const parts = partsOf(charges, slotOf)
      return parts.length > 1 ? within(limit, peekAll(store, parts)) : store.peek(charges)
    },
    async refund(refunds) {
      const slots = bySlot(refunds, ({ partition }) => slotOf(partition))
      // All are tried, though one may fail.
      const outcomes = await Promise.allSettled(slots.map(async (some) => store.refund(some)))
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    },
  }
  noteDecideOne(apart, decideOneOf(store))
  noteDecideSeen(apart, decideSeenOf(store))
  return apart
}

async function decideInTurn(store: Store, parts: readonly Part[], limit: Micros): Promise<readonly Decision[]> {
  const asked = { waits: true }
  try {
    return await within(limit, chargeEach(store, parts, asked))
  } finally {
    asked.waits = false
  }
}

/** Charges part after part. Once nobody `waits` any more, as the failure policy has answered, all is given back. */
async function chargeEach(
  store: Store,
  parts: readonly Part[],
  asked: { readonly waits: boolean },
): Promise<readonly Decision[]> {
  const taken: Decided[] = []
  for (const [i, part] of parts.entries()) {
    const decisions = await decideOrUndo(store, part, taken)
    if (decisions.some(({ kind }) => kind !== 'allowed')) {
      return refusedAt({ part, decisions }, store, taken, parts.slice(i + 1))
    }
    taken.push({ part, decisions })
    if (!asked.waits) break
  }
  if (!asked.waits) await undoAll(store, taken)
  return inPlace(taken)
}

async function decideOrUndo(store: Store, part: Part, taken: readonly Decided[]): Promise<readonly Decision[]> {
  try {
    return await store.decide(part.charges)
  } catch (error) {
    // The answer is known by now: it does not wait.
    void undoAll(store, taken)
    throw error
  }
}

/** The answers where a part refused: it stands, what was taken is given back, what comes after is peeked at. */
async function refusedAt(
  refused: Decided,
  store: Store,
  taken: readonly Decided[],
  rest: readonly Part[],
): Promise<readonly Decision[]> {
  const undone = taken.map((each) => {
    void undoAll(store, [each])
    // Asked in the same tick, so that it travels with the refund and is answered after it.
    return peekOrUnknown(store, each.part)
  })
  const others = await Promise.all([...undone, ...rest.map((part) => peekOrUnknown(store, part))])
  return inPlace([refused, ...others])
}

async function peekOrUnknown(store: Store, part: Part): Promise<Decided> {
  try {
    return { part, decisions: await store.peek(part.charges) }
  } catch (error) {
    const cause = storeError(error)
    return { part, decisions: part.charges.map(() => ({ kind: 'unknown', cause })) }
  }
}

/** Gives back all that was taken, as far as the store can be reached; never rejects. */
async function undoAll(store: Store, taken: readonly Decided[]): Promise<void> {
  await Promise.allSettled(taken.map(async (each) => store.refund(refundsOf(each))))
}

function refundsOf({ part, decisions }: Decided): readonly Refund[] {
  return part.charges.map(({ zone, partition, cost }, i) => {
    return { zone, partition, cost, decision: decisions[i] as Decision }
  })
}

async function peekAll(store: Store, parts: readonly Part[]): Promise<readonly Decision[]> {
  return inPlace(await Promise.all(parts.map(async (part) => ({ part, decisions: await store.peek(part.charges) }))))
}
