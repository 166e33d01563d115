import { nameOf, randomNumbers, zipfRanks } from '../lib/names.js'

/** How partitions are drawn. */
export interface Load {
  readonly title: string
  /** How many partitions there are. Each is charged once before anything is measured. */
  readonly partitions: number
  readonly draw: 'same' | 'uniform' | 'zipf'
  /** Units a window. */
  readonly limit: number
  /** Which of the charges that are measured pass. */
  readonly passes: 'all' | 'none'
}

const AMPLE = 1_000_000_000
/** For one of many partitions, the busiest among them. */
const AMPLE_OF_MANY = 10_000_000

export const LOADS: Readonly<Record<string, Load>> = {
  hot: { title: 'one hot partition', partitions: 1, draw: 'same', limit: AMPLE, passes: 'all' },
  uniform: {
    title: '100,000 partitions, uniform',
    partitions: 100_000,
    draw: 'uniform',
    limit: AMPLE_OF_MANY,
    passes: 'all',
  },
  zipf: {
    title: 'a million partitions, zipf',
    partitions: 1_000_000,
    draw: 'zipf',
    limit: AMPLE_OF_MANY,
    passes: 'all',
  },
  denied: { title: 'one hot partition, all denied', partitions: 1, draw: 'same', limit: 1, passes: 'none' },
}

/** Draws to a sequence, which is run through again and again. A power of two. */
const DRAWS = 2 ** 20
/** No common factor with the number of partitions: neighbours in rank are no neighbours in order of arrival. */
const SCATTER = 7919

/** The partitions of a load, and the order in which they are charged: the same in every process. */
export function drawPartitions({ partitions, draw }: Load): { names: readonly string[]; sequence: readonly string[] } {
  const names = Array.from({ length: partitions }, (_, index) => nameOf(index))
  const random = randomNumbers(2026)
  const rank = draw === 'zipf' ? zipfRanks(partitions, random) : () => Math.floor(random() * partitions)
  const sequence = Array.from({ length: DRAWS }, () => names[(rank() * SCATTER) % partitions] as string)
  return { names, sequence }
}
