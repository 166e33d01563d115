/** A process with one store, which decides most charges without a call: `PORT`. */
import type { Charge, Decision, Quota } from 'spillway'
import { createLimiter, makeQuota } from 'spillway'
import { nameOf } from '../lib/names.js'
import { answerQuestions } from '../lib/worker.js'
import { openStore } from './clients.js'
import { PATIENCE } from './contestants.js'

/** What a process did without waiting, or until it was refused. */
export interface Spent {
  readonly admitted: number
  readonly refused: number
  /** Microseconds: of processor time, and by the clock on the wall. */
  readonly processor: number
  readonly wall: number
}

/** A partition that several processes draw on, each under leases. */
export interface Shared {
  readonly partition: string
  readonly limit: number
  readonly size: number
  /** Stop after so many units. Absent: at the first refusal. */
  readonly units?: number
}

/** A partition whose size in the server is looked at. */
export interface Filled {
  readonly partition: string
  readonly entries: number
}

const SECOND = 1_000_000
const HOUR = 3_600 * SECOND
const LEASED_FOR = 10 * SECOND
const PARTITIONS = 1_000

const store = await openStore('ioredis', Number(process.argv[2]), PATIENCE)

async function measured(run: () => Promise<Pick<Spent, 'admitted' | 'refused'>>): Promise<Spent> {
  const [before, began] = [process.cpuUsage(), performance.now()]
  const counts = await run()
  const { user, system } = process.cpuUsage(before)
  return { ...counts, processor: user + system, wall: (performance.now() - began) * 1000 }
}

/** Charges partitions that have nothing left, for so many milliseconds. */
async function refuse(span: number): Promise<Spent> {
  const limiter = createLimiter({ quotas: '1/hour', name: 'refused', store })
  const names = Array.from({ length: PARTITIONS }, (_, index) => nameOf(index))
  for (let times = 0; times < 3; times++) await Promise.all(names.map((name) => limiter.charge(name)))
  return await measured(async () => {
    const until = performance.now() + span
    let refused = 0
    while (performance.now() < until) {
      const asked: Promise<Decision>[] = []
      for (const name of names) {
        const answer = limiter.charge(name)
        if (answer instanceof Promise) asked.push(answer)
        else refused += isRefused(answer as Decision)
      }
      for (const decision of await Promise.all(asked)) refused += isRefused(decision)
    }
    return { admitted: 0, refused }
  })
}

function isRefused({ kind }: Decision): number {
  if (kind !== 'denied') throw new Error(`a charge was ${kind}`)
  return 1
}

/** Charges one unit after the other. */
async function draw({ partition, limit, size, units = Number.POSITIVE_INFINITY }: Shared): Promise<Spent> {
  const charge = leasedCharge(partition, makeQuota({ algorithm: 'fixed-window', limit, window: HOUR }), size)
  return await measured(async () => {
    let admitted = 0
    while (admitted < units) {
      const answer = store.decide([charge])
      const [decision] = answer instanceof Promise ? await answer : (answer as Awaited<typeof answer>)
      if (decision?.kind !== 'allowed') return { admitted, refused: 1 }
      admitted++
    }
    return { admitted, refused: 0 }
  })
}

function leasedCharge(partition: string, quota: Quota, size: number): Charge {
  const zone = { name: 'leased', counters: [quota] }
  const lease = { size, for: LEASED_FOR }
  return { zone, partition, quotas: [{ quota, counter: 0 }], cost: 1, block: undefined, onStoreFailure: 'deny', lease }
}

/** Leaves a partition with three counters in the zone `three`, and one with a full log in `log`. */
async function fill({ partition, entries }: Filled): Promise<void> {
  const windows = [SECOND, 60 * SECOND, 24 * HOUR]
  const three = windows.map((window) => makeQuota({ algorithm: 'fixed-window', limit: 400, window }))
  await createLimiter({ name: 'three', quotas: three, store }).charge(partition)
  const log = createLimiter({ name: 'log', quotas: `${entries}/hour`, store })
  for (let entry = 0; entry < entries; entry++) await log.charge(partition)
}

answerQuestions({ refuse: ({ span }: { span: number }) => refuse(span), draw, fill })
