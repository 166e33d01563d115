import { isPromise, quietly } from '../core/awaitable.js'
import type { FailurePolicy } from '../core/charge.js'
import type { Allowed, Blocked, Decision, Denied, Unknown } from '../core/decision.js'
import type { AlarmClock, Awaitable, Micros, Units } from '../core/units.js'
import type { Charger } from '../store/store.js'
import { leastWait } from './least-wait.js'
import { neverPasses, tooLong } from './wait-error.js'

/** What all queues of a limiter share. */
export interface QueueParts {
  readonly charge: Charger
  /** Gives back what was taken for a waiter that had left by then. */
  readonly undo: (partition: string, decision: Allowed) => Awaitable<void>
  readonly onStoreFailure: FailurePolicy
  readonly clock: AlarmClock
}

/** Somebody who waits for a charge. */
export interface Waiter {
  readonly cost: Units
  /** Later than this its turn is of no use. */
  readonly deadline: Micros
  readonly resolve: (decision: Allowed | Unknown) => void
  readonly reject: (reason: unknown) => void
}

/** Those who wait for one partition, first come first served: one charge at a time is tried, one alarm is set. */
export interface Queue extends QueueParts {
  readonly partition: string
  /** In the order in which they came. */
  readonly waiters: Set<Waiter>
  /** The cost of all of them. */
  units: Units
  /** No waiter's deadline is sooner. */
  soonest: Micros
  /** Ends when the charge that is on its way to the store is answered; absent where none is. */
  asking: Promise<void> | undefined
  /** Why the head waits; absent while it does not. */
  refusal: Refusal | undefined
}

interface Refusal {
  readonly decision: Denied | Blocked
  /** What the head wanted. */
  readonly cost: Units
  /** When it was told. */
  readonly at: Micros
  readonly callOff: () => void
}

/** A queue that nobody waits in yet. */
export function emptyQueue(parts: QueueParts, partition: string): Queue {
  const nobody = { waiters: new Set<Waiter>(), units: 0, soonest: Number.POSITIVE_INFINITY }
  return { ...parts, ...nobody, partition, asking: undefined, refusal: undefined }
}

/** Puts somebody at the end. Who cannot have a turn by the deadline is told so at once. */
export function join(queue: Queue, waiter: Waiter): void {
  const { refusal, clock } = queue
  const turn = refusal === undefined ? 0 : turnOfLast(refusal, queue.units + waiter.cost)
  if (refusal !== undefined && turn > waiter.deadline) {
    waiter.reject(tooLong(turn - clock.now(), refusal.decision))
    return
  }
  queue.waiters.add(waiter)
  queue.units += waiter.cost
  queue.soonest = Math.min(queue.soonest, waiter.deadline)
  if (refusal === undefined && queue.asking === undefined) proceed(queue)
}

/** When the last of so many units can pass at the earliest. A block hides where the quotas stand. */
function turnOfLast({ decision, cost, at }: Refusal, units: Units): Micros {
  const least = decision.kind === 'denied' ? leastWait(decision.quotas, units, cost) : 0
  return at + Math.max(decision.retryAfter, least)
}

/** Lets somebody go before the turn, and the next one try where it was the head that went. */
export function leave(queue: Queue, waiter: Waiter, reason: unknown): void {
  const wasHead = headOf(queue) === waiter
  if (!remove(queue, waiter)) return
  waiter.reject(reason)
  if (!wasHead || queue.refusal === undefined) return

  queue.refusal.callOff()
  queue.refusal = undefined
  proceed(queue)
}

function headOf({ waiters }: Queue): Waiter | undefined {
  return waiters.values().next().value
}

function remove(queue: Queue, waiter: Waiter): boolean {
  if (!queue.waiters.delete(waiter)) return false
  queue.units -= waiter.cost
  return true
}

/** Serves one after the other, until one has to wait. */
function proceed(queue: Queue): void {
  for (const waiter of queue.waiters) {
    const answer = queue.charge(queue.partition, waiter.cost)
    if (isPromise(answer)) {
      proceedLater(queue, waiter, answer)
      return
    }
    if (!conclude(queue, waiter, answer)) return
  }
}

function proceedLater(queue: Queue, waiter: Waiter, answer: Promise<Decision>): void {
  const goOn = (mayGoOn: boolean): void => {
    queue.asking = undefined
    if (mayGoOn) proceed(queue)
  }
  queue.asking = answer.then(
    (decision) => goOn(conclude(queue, waiter, decision)),
    (error: unknown) => {
      if (remove(queue, waiter)) waiter.reject(error)
      goOn(true)
    },
  )
}

/** Tells a waiter what was decided. Returns whether the next one may try. */
function conclude(queue: Queue, waiter: Waiter, decision: Decision): boolean {
  if (!queue.waiters.has(waiter)) {
    payBack(queue, decision)
    return true
  }
  switch (decision.kind) {
    case 'allowed':
      remove(queue, waiter)
      waiter.resolve(decision)
      return true
    case 'unknown':
      remove(queue, waiter)
      if (queue.onStoreFailure === 'deny') waiter.reject(decision.cause)
      else waiter.resolve(decision)
      return true
    case 'impossible':
      remove(queue, waiter)
      waiter.reject(neverPasses(waiter.cost, decision))
      return true
    case 'denied':
    case 'blocked':
      return !putOff(queue, waiter, decision)
  }
}

/** Who left while being charged pays nothing. Where the store fails just then, the units are lost until they expire. */
function payBack({ undo, partition }: Queue, decision: Decision): void {
  if (decision.kind === 'allowed') quietly(() => undo(partition, decision))
}

/**
 * Lets the head wait for its turn, by an alarm, and tells whoever cannot be served by the deadline any more: everybody
 * behind, or the head itself. Returns whether the head waits on.
 */
function putOff(queue: Queue, head: Waiter, decision: Denied | Blocked): boolean {
  const { clock } = queue
  const at = clock.now()
  const turn = at + decision.retryAfter
  if (turn > head.deadline) {
    remove(queue, head)
    head.reject(tooLong(decision.retryAfter, decision))
    return false
  }
  const ring = (): void => {
    queue.refusal = undefined
    proceed(queue)
  }
  queue.refusal = { decision, cost: head.cost, at, callOff: clock.wake(decision.retryAfter, ring) }
  if (turn > queue.soonest) dismissUntil(queue, turn, decision)
  return true
}

/** Nobody overtakes the head: whose deadline is before its turn waits for nothing. */
function dismissUntil(queue: Queue, turn: Micros, decision: Denied | Blocked): void {
  queue.soonest = Number.POSITIVE_INFINITY
  for (const waiter of queue.waiters) {
    if (waiter.deadline < turn) {
      remove(queue, waiter)
      waiter.reject(tooLong(decision.retryAfter, decision))
    } else {
      queue.soonest = Math.min(queue.soonest, waiter.deadline)
    }
  }
}
