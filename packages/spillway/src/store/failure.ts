import type { Charge, FailurePolicy } from '../core/charge.js'
import { StoreError } from '../core/decision.js'

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
