import type { Effort, Figure, PartResult, Skipped } from './lib/figure.js'
import { atLeast, atMost, isOurs, median } from './lib/figure.js'
import { inShort, startWorker } from './lib/worker.js'
import { CONTESTANTS, FLOOR } from './memory/contestants.js'
import type { Filling } from './size/filling.js'

const MILLION = 1_000_000
/** The share of the partitions that come to those who are to give them back: enough to see it, and soon there. */
const GIVEN_BACK = 0.3
/** Milliseconds of the windows that are waited for. Long enough for the slowest to be full before the first ends. */
const WINDOW = 12_000
/** Contestants that wait for their windows at the same time. */
const AT_ONCE = 5
/** The others only stand beside ours: once is enough. */
const ROUNDS_OF_OTHERS = 1
const FLAGS = ['--expose-gc', '--max-old-space-size=4096']
const OURS = 'spillway token-bucket'

/** What a million partitions weigh, how long a charge and a turn of the event loop take at most, and what is given back. */
export async function measureMemorySize(effort: Effort): Promise<PartResult> {
  const partitions = Math.round(MILLION * effort.scale)
  const skipped: Skipped[] = []
  const fillings = new Map<string, Filling[]>()
  for (let round = 0; round < effort.rounds; round++) {
    for (const { name } of CONTESTANTS) {
      if (round >= ROUNDS_OF_OTHERS && !isOurs(name)) continue
      const filling = await ask<Filling>(name, 'fill', partitions, skipped)
      if (filling) fillings.set(name, [...(fillings.get(name) ?? []), filling])
    }
  }
  const returned = await sharesReturned(partitions * GIVEN_BACK, WINDOW * effort.scale, skipped)
  return {
    part: 'memory-size',
    title: `${partitions.toLocaleString('en')} partitions in memory`,
    figures: [...sizeFigures(fillings), ...pauseFigures(fillings), ...returnedFigures(returned)],
    skipped,
  }
}

async function ask<Reply>(
  name: string,
  question: string,
  detail: unknown,
  skipped: Skipped[],
): Promise<Reply | undefined> {
  const worker = await startWorker('size/run', [name], FLAGS)
  try {
    return await worker.ask<Reply>(question, detail)
  } catch (error) {
    skipped.push({ contestant: name, why: inShort(error) })
    return undefined
  } finally {
    await worker.stop()
  }
}

async function sharesReturned(partitions: number, window: number, skipped: Skipped[]): Promise<Map<string, number>> {
  const shares = new Map<string, number>()
  for (let first = 0; first < CONTESTANTS.length; first += AT_ONCE) {
    await Promise.all(
      CONTESTANTS.slice(first, first + AT_ONCE).map(async ({ name }) => {
        const share = await ask<number>(name, 'giveBack', { partitions, window }, skipped)
        if (share !== undefined) shares.set(name, share)
      }),
    )
  }
  return shares
}

function sizeFigures(fillings: ReadonlyMap<string, readonly Filling[]>): Figure[] {
  const bytes = (name: string) => median((fillings.get(name) ?? []).map((filling) => filling.bytes))
  return [...fillings.keys()].map((name) => ({
    load: 'a partition, its name included',
    contestant: name,
    measured: bytes(name),
    unit: 'bytes',
    ratio: bytes(name) / bytes(FLOOR),
    against: FLOOR,
    ...(name === OURS && { required: atMost('measured', 100) }),
  }))
}

function pauseFigures(fillings: ReadonlyMap<string, readonly Filling[]>): Figure[] {
  return [...fillings].flatMap(([name, rounds]): Figure[] => {
    const required = name === OURS ? { required: atMost('measured', 5) } : {}
    const longest = (part: keyof Filling) => ({
      contestant: name,
      measured: median(rounds.map((filling) => filling[part])),
      unit: 'ms',
    })
    return [
      { load: 'the longest charge while they come', ...longest('charge'), ...required },
      { load: 'the longest charge without the garbage collection in it', ...longest('own') },
      { load: 'the longest turn of the event loop while they come', ...longest('turn'), ...required },
      { load: 'the longest garbage collection in it', ...longest('collection') },
    ]
  })
}

function returnedFigures(returned: ReadonlyMap<string, number>): Figure[] {
  return [...returned].map(([name, share]) => ({
    load: 'given back after the windows, with two other charges for each',
    contestant: name,
    measured: share * 100,
    unit: '%',
    ratio: share,
    against: 'all',
    ...(isOurs(name) && { required: atLeast('ratio', 0.9) }),
  }))
}
