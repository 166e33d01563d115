import type { Effort, Figure, PartResult, Required, Skipped } from './lib/figure.js'
import { atLeast, median } from './lib/figure.js'
import type { Worker } from './lib/worker.js'
import { inShort, startWorker } from './lib/worker.js'
import { CONTESTANTS, FLOOR } from './memory/contestants.js'
import type { Load } from './memory/loads.js'
import { LOADS } from './memory/loads.js'
import type { RoundTime } from './memory/round-time.js'

/** Milliseconds of a full round. */
const ROUND = 400

const REQUIRED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  hot: { 'spillway token-bucket': 0.6, 'spillway fixed-window': 0.6, 'spillway sliding-window': 0.3 },
  uniform: { 'spillway token-bucket': 0.9, 'spillway fixed-window': 0.9, 'spillway sliding-window': 0.5 },
  zipf: { 'spillway token-bucket': 0.9, 'spillway fixed-window': 0.9, 'spillway sliding-window': 0.5 },
}

/** A contestant in a process of its own, and what its rounds took. */
interface Running {
  readonly name: string
  readonly note: string | undefined
  readonly worker: Worker
  readonly charges: number
  readonly rounds: RoundTime[]
}

/** How long a charge takes in memory, beside the least that a limiter can do and beside other limiters. */
export async function measureMemory(effort: Effort): Promise<PartResult> {
  const skipped: Skipped[] = []
  const figures: Figure[] = []
  for (const [key, load] of Object.entries(LOADS)) figures.push(...(await measureLoad(key, load, effort, skipped)))
  return { part: 'memory', title: 'A charge in memory', figures, skipped }
}

async function measureLoad(key: string, load: Load, effort: Effort, skipped: Skipped[]): Promise<Figure[]> {
  const running: Running[] = []
  try {
    for (const { name, note } of CONTESTANTS) {
      const started = await start(name, note, key, effort, skipped)
      if (started) running.push(started)
    }
    for (let round = 0; round < effort.rounds; round++) {
      for (const { worker, charges, rounds } of running) rounds.push(await worker.ask<RoundTime>('round', charges))
    }
  } finally {
    for (const { worker } of running) await worker.stop()
  }
  return figuresOf(load, running, REQUIRED[key] ?? {})
}

async function start(
  name: string,
  note: string | undefined,
  load: string,
  { scale }: Effort,
  skipped: Skipped[],
): Promise<Running | undefined> {
  const worker = await startWorker('memory/run', [name, load])
  try {
    const charges = await worker.ask<number>('prepare', ROUND * scale)
    return { name, note, worker, charges, rounds: [] }
  } catch (error) {
    await worker.stop()
    skipped.push({ contestant: name, why: inShort(error) })
    return undefined
  }
}

function figuresOf(load: Load, running: readonly Running[], required: Readonly<Record<string, number>>): Figure[] {
  const floor = running.find(({ name }) => name === FLOOR)?.rounds ?? []
  return running.map(({ name, note, rounds }) => ({
    load: load.title,
    contestant: name,
    measured: median(rounds.map(({ processor }) => processor)),
    wall: median(rounds.map(({ wall }) => wall)),
    unit: 'ns',
    ratio: median(rounds.map(({ processor }, round) => (floor[round]?.processor ?? Number.NaN) / processor)),
    against: FLOOR,
    ...requirement(required[name]),
    ...(note !== undefined && { note }),
  }))
}

function requirement(value: number | undefined): { required?: Required } {
  return value === undefined ? {} : { required: atLeast('ratio', value) }
}
