import type { StoreError } from '../../core/decision.js'
import type { Clock, Micros } from '../../core/units.js'
import type { CallStore, OnStoreEvent, StoreCall } from '../calls.js'
import type { CircuitBreaker } from '../circuit-breaker.js'
import { circuitBreaker } from '../circuit-breaker.js'
import type { SlotOf } from './parts.js'
import { partitionOf } from './parts.js'
import { HASH_SLOTS } from './slot.js'

/** How a cluster is asked. */
export interface SixteenthsOptions {
  readonly slotOf: SlotOf
  readonly onEvent: OnStoreEvent
  /** Measures how long a part of the cluster was away. */
  readonly clock: Clock
}

const SIXTEENTH = HASH_SLOTS / 16

/**
 * A cluster, with a circuit breaker for each sixteenth of its hash slots, so that a master that is away takes none of
 * the others with it. `make` gives a call store whose beats are written where a partition lies. All calls of a batch
 * must lie in one slot. Its events are those of the whole: `unavailable` when the first sixteenth is, `available` when
 * all are.
 */
export function sixteenths(make: (beatsAt: string) => CallStore, options: SixteenthsOptions): CircuitBreaker {
  const { slotOf, clock } = options
  const onEvent = ofTheWhole(options)
  const breakers = Array.from({ length: 16 }, (_, n) =>
    circuitBreaker(probedWhereItFailed(make, placeIn(n, slotOf)), { onEvent, clock }),
  )
  const breakerFor = (calls: readonly StoreCall[]) => {
    const partition = calls[0] === undefined ? '' : partitionOf(calls[0])
    return breakers[Math.floor(slotOf(partition) / SIXTEENTH)] as CircuitBreaker
  }
  return {
    answer: (calls) => breakerFor(calls).answer(calls),
    beat: () => beatInEach(breakers),
    available: () => breakers.every((breaker) => breaker.available()),
    close() {
      for (const breaker of breakers) breaker.close()
    },
  }
}

/** A sixteenth may lie on two masters: a probe must ask the one that failed. */
function probedWhereItFailed(make: (beatsAt: string) => CallStore, place: string): CallStore {
  const usual = make(place)
  let failed: CallStore | undefined
  return {
    async answer(calls) {
      try {
        return await usual.answer(calls)
      } catch (error) {
        if (calls[0] !== undefined) failed = make(partitionOf(calls[0]))
        throw error
      }
    },
    async beat() {
      const replicas = await (failed ?? usual).beat()
      failed = undefined
      return replicas
    },
  }
}

/** Comes through where any part of the cluster answers. */
async function beatInEach(breakers: readonly CircuitBreaker[]): Promise<number> {
  const outcomes = await Promise.allSettled(breakers.map((breaker) => breaker.beat()))
  const counts = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  if (counts.length > 0) return Math.max(...counts)
  throw outcomes.find((outcome) => outcome.status === 'rejected')?.reason as StoreError
}

/** So many names are tried: a prefix that steers all keys into one slot leaves the other sixteenths without any. */
const MOST_TRIES = 1000

/** The name of a partition, the same in every process, that lies in a sixteenth. */
function placeIn(sixteenth: number, slotOf: SlotOf): string {
  for (let n = 0; n < MOST_TRIES; n++) {
    if (Math.floor(slotOf(`${n}`) / SIXTEENTH) === sixteenth) return `${n}`
  }
  return '0'
}

function ofTheWhole({ onEvent, clock }: SixteenthsOptions): OnStoreEvent {
  let away = 0
  let since: Micros = 0
  return (event) => {
    if (event.kind === 'unavailable' && away++ === 0) {
      since = clock.now()
      onEvent(event)
    }
    if (event.kind === 'available' && --away === 0) onEvent({ kind: 'available', after: clock.now() - since })
  }
}
