import type { Decision } from '../../src/core/decision.js'
import { StoreError } from '../../src/core/decision.js'
import type { CallStore, StoreCall } from '../../src/store/calls.js'
import type { Store } from '../../src/store/store.js'

/** A store that sends each call by itself, at once. */
export function one(calls: CallStore): Store {
  const ask = async (call: StoreCall): Promise<readonly Decision[]> => {
    const [answer] = await calls.answer([call])
    if (answer === undefined || answer instanceof StoreError) throw answer ?? new Error('no answer')
    return answer
  }
  const tell = async (call: StoreCall): Promise<void> => {
    await ask(call)
  }
  return {
    decide: (charges) => ask({ kind: 'decide', charges }),
    peek: (charges) => ask({ kind: 'peek', charges }),
    refund: (refunds) => tell({ kind: 'refund', refunds }),
    block: (zone, partition, span) => tell({ kind: 'block', zone, partition, span }),
    unblock: (zone, partition) => tell({ kind: 'unblock', zone, partition }),
    reset: (zone, partition) => tell({ kind: 'reset', zone, partition }),
  }
}
