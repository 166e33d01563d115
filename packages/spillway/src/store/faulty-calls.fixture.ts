import type { CallAnswer, CallStore, StoreCall } from './calls.js'

/** A call store that works, or hangs, or rejects, as it is told. */
export interface FaultyCalls extends CallStore {
  /** Every call from now on is handed on. */
  work(): void
  /** Every call from now on is never answered. */
  hang(): void
  /** Every call from now on is handed on after a while, in milliseconds. */
  slow(by: number): void
  /** Every call from now on rejects. */
  fail(error: unknown): void
  /** Every call of a batch from now on is refused by itself. */
  refuseEach(error: CallAnswer): void
  /** Rejects every call that hangs, late. */
  rejectHanging(error: unknown): void
  /** The batches that were put to it. */
  readonly batches: (readonly StoreCall[])[]
  /** How many beats were put to it. */
  beats(): number
}

/** Hands calls on to `inner`, until it is told otherwise. */
export function faultyCalls(inner: CallStore): FaultyCalls {
  let fault: (() => Promise<never>) | undefined
  let slowBy = 0
  let refusal: CallAnswer | undefined
  let hanging: ((error: unknown) => void)[] = []
  let beats = 0
  const batches: (readonly StoreCall[])[] = []

  return {
    batches,
    beats: () => beats,
    answer(calls) {
      batches.push(calls)
      const refused = refusal
      if (refused !== undefined) return Promise.resolve(calls.map(() => refused))
      if (slowBy > 0) return new Promise((resolve) => setTimeout(resolve, slowBy)).then(() => inner.answer(calls))
      return fault === undefined ? inner.answer(calls) : fault()
    },
    beat() {
      beats++
      return fault === undefined ? inner.beat() : fault()
    },
    work() {
      fault = undefined
      refusal = undefined
      slowBy = 0
    },
    slow(by) {
      slowBy = by
    },
    hang() {
      fault = () => new Promise((_, reject) => hanging.push(reject))
    },
    fail(error) {
      fault = () => Promise.reject(error)
    },
    refuseEach(error) {
      refusal = error
    },
    rejectHanging(error) {
      for (const reject of hanging) reject(error)
      hanging = []
    },
  }
}
