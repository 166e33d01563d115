/** A process with one contestant on one client: `CONTESTANT CLIENT PORT`. */
import { nameOf, randomNumbers } from '../lib/names.js'
import { answerQuestions } from '../lib/worker.js'
import type { Charger } from './contestants.js'
import { CONTESTANTS } from './contestants.js'
import type { Lanes, Round } from './round.js'

const WIDE = 500
/** Charges to a step of the warm-up, for each in flight. */
const STEP = 20
/** Draws to a sequence, which is run through again and again. */
const DRAWS = 2 ** 18

const [contestantName, clientName = '', port] = process.argv.slice(2)
const contestant = CONTESTANTS.find(({ name }) => name === contestantName)
if (contestant === undefined) throw new RangeError(`no ${contestantName}`)
const { make, before = 1 } = contestant

let charger: Charger | undefined
let sequence: readonly string[] = []
let position = 0

/** Charges partitions of a list in turn, so many at a time. Gives how long each took, in microseconds. */
async function chargeAll(
  { charge }: Charger,
  list: readonly string[],
  start: number,
  charges: number,
  inFlight: number,
): Promise<Float64Array> {
  const took = new Float64Array(charges)
  let begun = 0
  let passed = 0
  async function lane(): Promise<void> {
    while (begun < charges) {
      const index = begun++
      const began = performance.now()
      if (await charge(list[(start + index) % list.length] as string)) passed++
      took[index] = performance.now() - began
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  if (passed < charges) throw new Error(`${charges - passed} of ${charges} charges were refused`)
  return took.map((milliseconds) => milliseconds * 1000)
}

async function round(charges: number, inFlight: number): Promise<Round> {
  const made = charger as Charger
  const cpu = process.cpuUsage()
  const began = performance.now()
  const took = await chargeAll(made, sequence, position, charges, inFlight)
  const elapsed = performance.now() - began
  const spent = process.cpuUsage(cpu)
  position += charges
  const fault = made.fault?.()
  if (fault !== undefined) throw new Error(fault)
  took.sort()
  return {
    rate: charges / (elapsed / 1000),
    p50: took[Math.floor(charges / 2)] as number,
    p99: took[Math.floor(charges * 0.99)] as number,
    client: (spent.user + spent.system) / charges,
  }
}

answerQuestions({
  /**
   * Meets every partition as often as is wanted, warms up for so many milliseconds, and says how many charges fit in as
   * many.
   */
  async prepare({ inFlight, partitions, span }: Lanes & { span: number }) {
    charger ??= await make(clientName, Number(port))
    const names = Array.from({ length: partitions }, (_, index) => nameOf(index))
    const random = randomNumbers(2026)
    sequence = Array.from({ length: DRAWS }, () => names[Math.floor(random() * partitions)] as string)
    position = 0
    await chargeAll(charger, names, 0, partitions * before, WIDE)
    const began = performance.now()
    let charges = 0
    while (performance.now() - began < span) {
      await round(STEP * inFlight, inFlight)
      charges += STEP * inFlight
    }
    const half = performance.now()
    await round(Math.ceil(charges / 2), inFlight)
    return Math.ceil((charges / 2) * (span / (performance.now() - half)))
  },
  round: ({ charges, inFlight }: { charges: number; inFlight: number }) => round(charges, inFlight),
})
