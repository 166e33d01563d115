import type { Charge } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import { StoreError } from '../core/decision.js'
import type { CallAnswer, CallStore, DecisionSources, StoreCall } from './calls.js'
import { noDecisions } from './calls.js'
import { storeError } from './failure.js'
import type { Store } from './store.js'
import { noteDecideOne, noteDecideSeen } from './store.js'
import { soon } from './timer.js'

/** How calls are gathered. */
export interface CoalesceOptions {
  /** Where decisions of the store are counted. */
  readonly sources?: DecisionSources
  /** On a cluster: calls of different hash slots travel apart. Absent: all travel together. */
  readonly slotOf?: (call: StoreCall) => number
}

/** More calls would keep the server from its other work for longer, and this process waiting meanwhile: 500 decide a fifth less in all. */
const LARGEST_BATCH = 250

/** A call that has not been answered, and whoever waits for it. */
interface Waiting {
  readonly call: StoreCall
  /** What a good answer means to whoever waits. */
  readonly resolve: (decisions: readonly Decision[]) => void
  readonly reject: (error: StoreError) => void
}

const NO_DECISIONS: readonly Decision[] = []

/**
 * Sends all calls of one tick together, in the order of their arrival, at most 250 in a batch. Each gets its own answer
 * or its own error. Nothing is kept once it is sent: there is no queue behind a store that does not answer.
 */
export function coalesce(calls: CallStore, { sources = noDecisions(), slotOf }: CoalesceOptions = {}): Store {
  let waiting: Waiting[] = []
  let scheduled = false

  function send(): void {
    const ready = waiting
    waiting = []
    if (slotOf === undefined) sendBatch(calls, ready, sources)
    else for (const batch of bySlot(ready, slotOf)) sendBatch(calls, batch, sources)
  }

  function sendScheduled(): void {
    scheduled = false
    if (waiting.length > 0) send()
  }

  function add(call: StoreCall, resolve: Waiting['resolve'], reject: Waiting['reject']): void {
    waiting.push({ call, resolve, reject })
    if (waiting.length === LARGEST_BATCH) send()
    else if (!scheduled) {
      scheduled = true
      soon(sendScheduled)
    }
  }

  const ask = (call: StoreCall) => new Promise<readonly Decision[]>((resolve, reject) => add(call, resolve, reject))
  const tell = (call: StoreCall) => new Promise<void>((resolve, reject) => add(call, () => resolve(), reject))

  const store: Store = {
    decide: (charges) => (charges.length === 0 ? NO_DECISIONS : ask({ kind: 'decide', charges })),
    peek: (charges) => (charges.length === 0 ? NO_DECISIONS : ask({ kind: 'peek', charges })),
    refund: (refunds) => (refunds.length === 0 ? undefined : tell({ kind: 'refund', refunds })),
    block: (zone, partition, span) => tell({ kind: 'block', zone, partition, span }),
    unblock: (zone, partition) => tell({ kind: 'unblock', zone, partition }),
    reset: (zone, partition) => tell({ kind: 'reset', zone, partition }),
  }
  const decideSeen = (charge: Charge, seen?: (decision: Decision) => void) =>
    new Promise<Decision>((resolve, reject) => {
      const settle = ([decision]: readonly Decision[]) => {
        seen?.(decision as Decision)
        resolve(decision as Decision)
      }
      add({ kind: 'decide', charges: [charge] }, settle, reject)
    })
  noteDecideOne(store, (charge) => decideSeen(charge))
  noteDecideSeen(store, decideSeen)
  return store
}

function sendBatch(calls: CallStore, batch: readonly Waiting[], sources: DecisionSources): void {
  const fail = (error: unknown) => {
    const fault = storeError(error)
    for (const { reject } of batch) reject(fault)
  }
  calls.answer(batch.map(({ call }) => call)).then((answers) => settle(batch, answers, sources), fail)
}

function settle(batch: readonly Waiting[], answers: readonly CallAnswer[], sources: DecisionSources): void {
  for (let i = 0; i < batch.length; i++) {
    const { call, resolve, reject } = batch[i] as Waiting
    const answer = answers[i]
    if (answer === undefined) reject(new StoreError('ERR_SPILLWAY_STORE_FAILED', 'the store left a call unanswered'))
    else if (answer instanceof StoreError) reject(answer)
    else {
      if (call.kind === 'decide') sources.store += answer.length
      resolve(answer)
    }
  }
}

function bySlot(ready: readonly Waiting[], slotOf: (call: StoreCall) => number): Iterable<readonly Waiting[]> {
  const batches = new Map<number, Waiting[]>()
  for (const each of ready) {
    const slot = slotOf(each.call)
    const batch = batches.get(slot)
    if (batch === undefined) batches.set(slot, [each])
    else batch.push(each)
  }
  return batches.values()
}
