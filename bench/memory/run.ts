/** A process with one contestant under one load: `CONTESTANT LOAD`. */
import { answerQuestions } from '../lib/worker.js'
import type { Charger } from './contestants.js'
import { CONTESTANTS } from './contestants.js'
import { drawPartitions, LOADS } from './loads.js'
import type { RoundTime } from './round-time.js'

const HOUR = 3_600_000
/** Charges to a step of the warm-up: few enough that the slowest contestant soon knows how long it takes. */
const STEP = 20_000

const [contestantName, loadName] = process.argv.slice(2)
const contestant = CONTESTANTS.find(({ name }) => name === contestantName)
const load = LOADS[loadName ?? '']
if (contestant === undefined || load === undefined) throw new RangeError(`no ${contestantName} under ${loadName}`)
const { make, most = load.limit } = contestant
const { limit, passes } = load

const { names, sequence } = drawPartitions(load)
let charger: Charger
let position = 0

/**
 * Charges `count` partitions of a list, from `start` on and around. Returns how many passed. The twin below awaits: here
 * that would be charged to those that answer at once.
 */
function chargeNow(charge: (name: string) => boolean, list: readonly string[], start: number, count: number): number {
  let passed = 0
  let at = start % list.length
  for (let done = 0; done < count; done++) {
    if (charge(list[at] as string)) passed++
    if (++at === list.length) at = 0
  }
  return passed
}

async function chargeAwaited(
  charge: (name: string) => Promise<boolean>,
  list: readonly string[],
  start: number,
  count: number,
): Promise<number> {
  let passed = 0
  let at = start % list.length
  for (let done = 0; done < count; done++) {
    if (await charge(list[at] as string)) passed++
    if (++at === list.length) at = 0
  }
  return passed
}

function chargeAll(list: readonly string[], start: number, count: number): number | Promise<number> {
  return charger.kind === 'immediate'
    ? chargeNow(charger.charge, list, start, count)
    : chargeAwaited(charger.charge, list, start, count)
}

async function round(charges: number): Promise<RoundTime> {
  const cpu = process.cpuUsage()
  const wall = performance.now()
  const passed = await chargeAll(sequence, position, charges)
  const spent = process.cpuUsage(cpu)
  const elapsed = performance.now() - wall
  position += charges
  checkPassed(passed, charges)
  return {
    processor: ((spent.user + spent.system) * 1000) / charges,
    wall: (elapsed * 1_000_000) / charges,
  }
}

/** Whoever lets pass what should be refused, or refuses what should pass, does something else than the others. */
function checkPassed(passed: number, charges: number): void {
  const isToldLess = most < limit
  if (isToldLess || passed === (passes === 'all' ? charges : 0)) return
  throw new Error(`${passed} of ${charges} charges passed: ${passes} should`)
}

answerQuestions({
  /** Meets every partition once, warms up for so many milliseconds, and says how many charges fit in as many. */
  async prepare(span: number) {
    charger = await make({ limit: Math.min(most, limit), window: HOUR, partitions: names.length })
    await chargeAll(names, 0, names.length)
    const began = performance.now()
    let charges = 0
    while (performance.now() - began < span) {
      await round(STEP)
      charges += STEP
    }
    const half = performance.now()
    await round(Math.ceil(charges / 2))
    return Math.ceil((charges / 2) * (span / (performance.now() - half)))
  },
  round,
})
