import type { Charge } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import { StoreError } from '../core/decision.js'
import { bySlot } from './by-slot.js'
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

/** So many calls are worth two batches: the server decides the one while this process takes in the other. */
const WORTH_HALVING = 32

/** A call that has not been answered, and whoever waits for it. */
interface Waiting {
  readonly call: StoreCall
  /** What a good answer means to whoever waits. */
  readonly resolve: (decisions: readonly Decision[]) => void
  readonly reject: (error: StoreError) => void
}

type Add = (call: StoreCall, resolve: Waiting['resolve'], reject: Waiting['reject']) => void

const NO_DECISIONS: readonly Decision[] = []

/**
 * Sends all calls of one tick together, in the order of their arrival, at most 250 in a batch. Many that find nothing
 * under way go in two halves, one behind the other: from then on the server and this process work at the same time, and
 * need not wait for each other. Each call gets its own answer or its own error. Nothing is kept once it is sent: there is
 * no queue behind a store that does not answer.
 */
export function coalesce(calls: CallStore, options: CoalesceOptions = {}): Store {
  const add = gathering(calls, options)
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

/** What adds a call to those that travel next. */
function gathering(calls: CallStore, { sources = noDecisions(), slotOf }: CoalesceOptions): Add {
  let waiting: Waiting[] = []
  let scheduled = false
  let underWay = 0

  function sendBatch(batch: readonly Waiting[]): void {
    underWay++
    calls.answer(batch.map(({ call }) => call)).then(
      (answers) => {
        underWay--
        settle(batch, answers, sources)
      },
      (error: unknown) => {
        underWay--
        fail(batch, error)
      },
    )
  }

  function send(parts: number): void {
    const ready = waiting
    waiting = []
    if (slotOf !== undefined) for (const batch of bySlot(ready, ({ call }) => slotOf(call))) sendBatch(batch)
    else {
      const size = Math.ceil(ready.length / parts)
      for (let i = 0; i < ready.length; i += size) sendBatch(ready.slice(i, i + size))
    }
  }

  function sendScheduled(): void {
    scheduled = false
    send(underWay === 0 && waiting.length >= WORTH_HALVING ? 2 : 1)
  }

  return (call, resolve, reject) => {
    waiting.push({ call, resolve, reject })
    if (waiting.length === LARGEST_BATCH) send(1)
    else if (!scheduled) {
      scheduled = true
      soon(sendScheduled)
    }
  }
}

function fail(batch: readonly Waiting[], error: unknown): void {
  const fault = storeError(error)
  for (const { reject } of batch) reject(fault)
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
