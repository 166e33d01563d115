import { StoreError } from '../../core/decision.js'
import type { Micros } from '../../core/units.js'
import type { CallAnswer, CallStore } from '../calls.js'
import { storeError } from '../failure.js'
import { monotonicClock } from '../memory/clock.js'

/** Where it is noted how a server answers. */
export interface Watch {
  /** Gets how long each batch took, whether it failed or not. */
  readonly onCall: ((took: Micros) => void) | undefined
  /** Faults since the start, by their code: of a batch or a beat as a whole, or of one call in it. */
  readonly failures: Record<string, number>
}

const clock = monotonicClock()

/** A call store whose answers are timed and whose faults are counted. */
export function watched(calls: CallStore, { onCall, failures }: Watch): CallStore {
  const note = ({ code }: StoreError) => {
    failures[code] = (failures[code] ?? 0) + 1
  }
  const noteAndThrow = (error: unknown): never => {
    const fault = storeError(error)
    note(fault)
    throw fault
  }
  // Out of reach of what the listener throws.
  const tell = (took: Micros) => queueMicrotask(() => onCall?.(took))
  return {
    async answer(batch) {
      const sentAt = onCall && clock.now()
      let answers: readonly CallAnswer[]
      try {
        answers = await calls.answer(batch)
      } catch (error) {
        return noteAndThrow(error)
      } finally {
        if (sentAt !== undefined) tell(clock.now() - sentAt)
      }
      for (const answer of answers) if (answer instanceof StoreError) note(answer)
      return answers
    },
    beat: () => calls.beat().catch(noteAndThrow),
  }
}
