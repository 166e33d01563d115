/** A process with one contestant, which a million partitions come to: `CONTESTANT`. */
import type { PerformanceEntry } from 'node:perf_hooks'
import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { nameOf } from '../lib/names.js'
import { answerQuestions } from '../lib/worker.js'
import type { Charger } from '../memory/contestants.js'
import { CONTESTANTS } from '../memory/contestants.js'
import type { Filling } from './filling.js'

/** Charges between two turns of the event loop: what a busy server does between two looks at its sockets. */
const BATCH = 64
const LIMIT = 1
const SEEN_BEFORE = 1_000
const HOUR = 3_600_000

const contestant = CONTESTANTS.find(({ name }) => name === process.argv[2])
if (contestant === undefined) throw new RangeError(`no ${process.argv[2]}`)
const { make } = contestant

/** A stretch of time on this process's clock, in milliseconds. */
interface Stretch {
  readonly from: number
  readonly to: number
}

/** A charge that was not short, and the processor time of its turn. */
interface LongCharge extends Stretch {
  readonly spent: number
}

/** Charges that take no longer than this are not looked at one by one. */
const SHORT = 0.5

const collections: Stretch[] = []
const observer = new PerformanceObserver((list) => note(list.getEntries()))
observer.observe({ entryTypes: ['gc'] })

function note(entries: readonly PerformanceEntry[]): void {
  for (const { startTime, duration } of entries) collections.push({ from: startTime, to: startTime + duration })
}

/** The garbage collections since this was asked last. */
function collectionsSince(): readonly Stretch[] {
  note(observer.takeRecords())
  return collections.splice(0)
}

function lengthOf({ from, to }: Stretch): number {
  return to - from
}

function longestOf(lengths: readonly number[]): number {
  return Math.max(0, ...lengths)
}

/** What is left of a charge without the garbage collections in it: never more than the processor time of its turn. */
function ownTime(charge: LongCharge, found: readonly Stretch[]): number {
  const within = found.map(({ from, to }) => Math.max(0, Math.min(to, charge.to) - Math.max(from, charge.from)))
  const left = within.reduce((time, each) => time - each, lengthOf(charge))
  return Math.min(left, charge.spent)
}

/** Memory in use after a full collection: the heap, and what lies beside it, array buffers among that. */
async function bytesInUse(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await turn()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The longest charge and turn, in milliseconds, and every charge that was not short. */
interface Longest {
  readonly charge: number
  readonly turn: number
  readonly long: readonly LongCharge[]
}

/**
 * Charges partitions `from` to `to` once each. Returns the longest charge and the longest turn, in milliseconds: each
 * by the clock on the wall, but never more than the processor time of its turn, so that it is no fault of this process
 * if another has the processor.
 */
async function fill({ charge }: Charger, from: number, to: number): Promise<Longest> {
  const longest = { charge: 0, turn: 0, long: [] as LongCharge[] }
  for (let index = from; index < to; ) {
    const cpu = process.cpuUsage()
    const turned = performance.now()
    let longestHere = 0
    const longHere: Stretch[] = []
    for (const end = Math.min(to, index + BATCH); index < end; index++) {
      // Made here and dropped after: who keeps a name pays for it.
      const name = nameOf(index)
      const began = performance.now()
      const passed = charge(name)
      const ended = performance.now()
      if (typeof passed !== 'boolean') await passed
      if (ended - began > longestHere) longestHere = ended - began
      if (ended - began > SHORT) longHere.push({ from: began, to: ended })
    }
    await turn()
    const { user, system } = process.cpuUsage(cpu)
    const spent = (user + system) / 1000
    for (const each of longHere) longest.long.push({ ...each, spent })
    longest.charge = Math.max(longest.charge, Math.min(longestHere, spent))
    longest.turn = Math.max(longest.turn, Math.min(performance.now() - turned, spent))
  }
  return longest
}

answerQuestions({
  /** Fills a fresh contestant whose windows do not end meanwhile. */
  async fill(partitions: number): Promise<Filling> {
    const { charger, before } = await empty(partitions, HOUR)
    await turn()
    collectionsSince()
    const { charge, turn: longestTurn, long } = await fill(charger, 0, partitions)
    await turn()
    const found = collectionsSince()
    const full = await bytesInUse()
    // What has been measured must still be in use.
    await charger.charge(nameOf(0))
    return {
      bytes: (full - before) / partitions,
      charge,
      own: longestOf(long.map((each) => ownTime(each, found))),
      turn: longestTurn,
      collection: longestOf(found.map(lengthOf)),
    }
  },

  /**
   * What share of the bytes is free again two windows later, when a few others have made two charges for each that was
   * there.
   */
  async giveBack({ partitions, window }: { partitions: number; window: number }): Promise<number> {
    const { charger, before } = await empty(partitions, window)
    await fill(charger, 0, partitions)
    const full = await bytesInUse()
    await sleep(2.2 * window)
    for (let i = 0; i < (2 * partitions) / SEEN_BEFORE; i++) await fill(charger, partitions, partitions + SEEN_BEFORE)
    return (full - (await bytesInUse())) / (full - before)
  },
})

/** A contestant that has seen a few partitions, so that all of its code is there. */
async function empty(partitions: number, window: number): Promise<{ charger: Charger; before: number }> {
  const charger = await make({ limit: LIMIT, window, partitions: partitions + SEEN_BEFORE })
  await fill(charger, partitions, partitions + SEEN_BEFORE)
  return { charger, before: await bytesInUse() }
}
