import type { Allowed, Unknown } from '../core/decision.js'
import { spanOf } from '../core/duration.js'
import type { Micros, Units } from '../core/units.js'
import { onAbort } from '../store/on-abort.js'
import type { Queue, QueueParts, Waiter } from './queue.js'
import { emptyQueue, join, leave } from './queue.js'

/** How long a wait may take, and what ends it. */
export interface WaitLimits {
  /** Ends the wait: it rejects with the signal's reason, and takes nothing. */
  readonly signal?: AbortSignal
  /**
   * `'30s'`, or microseconds; 0 takes what is there now, or rejects. Where the turn cannot come by then, the wait rejects
   * with a `WaitError` as soon as that is known. Default: as long as it takes.
   */
  readonly maxWait?: string | Micros
}

/** Waits until so many units of a partition are there, and takes them. */
export type WaitFor = (partition: string, cost: Units, limits: WaitLimits) => Promise<Allowed | Unknown>

/** What all queues of a limiter share, and the largest cost that its quotas can let through. */
export interface WaitingParts extends QueueParts {
  readonly largestCost: Units
}

/** A queue for each partition that somebody waits for. Throws, before anything waits, for a `maxWait` that is none. */
export function waitingLine({ largestCost, ...parts }: WaitingParts): WaitFor {
  const queues = new Map<string, Queue>()

  const queueOf = (partition: string): Queue => {
    const queue = queues.get(partition) ?? emptyQueue(parts, partition)
    queues.set(partition, queue)
    return queue
  }

  return (partition, cost, { signal, maxWait }) => {
    const deadline = parts.clock.now() + (maxWait === undefined ? Number.POSITIVE_INFINITY : longestWait(maxWait))
    // What will never pass is told so at once, and nobody waits behind it.
    const queue = cost > largestCost ? emptyQueue(parts, partition) : queueOf(partition)
    const served = enter(queue, { cost, deadline }, signal)
    const forget = (): void => {
      if (queue.waiters.size > 0 || queues.get(partition) !== queue) return
      // Who comes while a charge of one who has left is on its way waits for what becomes of it.
      if (queue.asking === undefined) queues.delete(partition)
      else queue.asking.then(forget)
    }
    served.then(forget, forget)
    return served
  }
}

function enter(
  queue: Queue,
  { cost, deadline }: Pick<Waiter, 'cost' | 'deadline'>,
  signal: AbortSignal | undefined,
): Promise<Allowed | Unknown> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const listenNoMore = signal && onAbort(signal, () => leave(queue, waiter, signal.reason))
    const done =
      <T>(settle: (value: T) => void) =>
      (value: T): void => {
        listenNoMore?.()
        settle(value)
      }
    const waiter: Waiter = { cost, deadline, resolve: done(resolve), reject: done(reject) }
    join(queue, waiter)
  })
}

function longestWait(maxWait: string | Micros): Micros {
  const span = spanOf(maxWait)
  if (Number.isSafeInteger(span) && span >= 0) return span
  throw new RangeError(`maxWait must be whole microseconds, or a span such as '30s', not ${span}`)
}
