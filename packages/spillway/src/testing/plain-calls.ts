import type { CallAnswer, CallStore, StoreCall } from '../store/calls.js'
import { storeError } from '../store/failure.js'
import type { Store } from '../store/store.js'

/**
 * A store as one that is asked over a network: each call is put to it by itself, in order, one batch after the other; a
 * call that throws fails alone.
 */
export function plainCalls(store: Store): CallStore {
  let last: Promise<unknown> = Promise.resolve()
  return {
    answer(calls) {
      const answers = last.then(() => answersTo(store, calls))
      last = answers
      return answers
    },
    beat: () => Promise.resolve(1),
  }
}

async function answersTo(store: Store, calls: readonly StoreCall[]): Promise<readonly CallAnswer[]> {
  const answers: CallAnswer[] = []
  for (const call of calls) answers.push(await answerTo(store, call).catch(storeError))
  return answers
}

async function answerTo(store: Store, call: StoreCall): Promise<CallAnswer> {
  switch (call.kind) {
    case 'decide':
      return store.decide(call.charges)
    case 'peek':
      return store.peek(call.charges)
    case 'refund':
      await store.refund(call.refunds)
      return []
    case 'block':
      await store.block(call.zone, call.partition, call.span)
      return []
    case 'unblock':
      await store.unblock(call.zone, call.partition)
      return []
    case 'reset':
      await store.reset(call.zone, call.partition)
      return []
  }
}
