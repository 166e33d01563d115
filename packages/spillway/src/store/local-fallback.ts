import { isPromise } from '../core/awaitable.js'
import type { Charge, FailurePolicy } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import { StoreError } from '../core/decision.js'
import type { Awaitable } from '../core/units.js'
import { memoryStore } from './memory/memory.js'
import type { Store } from './store.js'

type Decide = (charges: readonly Charge[]) => Awaitable<readonly Decision[]>

/**
 * A store whose `decide` and `peek` never fail. Where `store` throws or rejects, the strictest failure policy of the
 * charges answers: under `local` the same charges are put to a store in this process, made by `makeLocal` when it is
 * first needed; under `allow` and `deny` every decision is `unknown`. What manages a partition goes to `store` alone, and
 * fails with it.
 */
export function localFallback(store: Store, makeLocal: () => Store = memoryStore): Store {
  let local: Store | undefined

  function instead(error: unknown, charges: readonly Charge[], decide: (from: Store) => Decide): ReturnType<Decide> {
    if (strictest(charges) === 'local') {
      local ??= makeLocal()
      return decide(local)(charges)
    }
    const unknown = { kind: 'unknown', cause: storeError(error) } as const
    return charges.map(() => unknown)
  }

  return {
    decide(charges) {
      try {
        const decisions = store.decide(charges)
        if (!isPromise(decisions)) return decisions
        return decisions.then(undefined, (error: unknown) => instead(error, charges, decideOf))
      } catch (error) {
        return instead(error, charges, decideOf)
      }
    },
    peek(charges) {
      try {
        const decisions = store.peek(charges)
        if (!isPromise(decisions)) return decisions
        return decisions.then(undefined, (error: unknown) => instead(error, charges, peekOf))
      } catch (error) {
        return instead(error, charges, peekOf)
      }
    },
    refund: (refunds) => store.refund(refunds),
    block: (zone, partition, span) => store.block(zone, partition, span),
    unblock: (zone, partition) => store.unblock(zone, partition),
    reset: (zone, partition) => store.reset(zone, partition),
  }
}

function decideOf(store: Store): Decide {
  return (charges) => store.decide(charges)
}

function peekOf(store: Store): Decide {
  return (charges) => store.peek(charges)
}

/** The failure policy that rules over several charges: deny beats local beats allow. */
export function strictest(charges: readonly Charge[]): FailurePolicy {
  if (charges.some(({ onStoreFailure }) => onStoreFailure === 'deny')) return 'deny'
  return charges.some(({ onStoreFailure }) => onStoreFailure === 'local') ? 'local' : 'allow'
}

/** What a store threw, as the fault that it is. */
export function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  return new StoreError('ERR_SPILLWAY_STORE_FAILED', `the store failed: ${String(error)}`, { cause: error })
}
