import type { Micros } from 'spillway'
import { stepsOfTime } from './steps.js'

/** The highest value over time, in steps of one length. */
export interface PeaksResult {
  /** When the first step begins. */
  readonly start: Micros
  readonly step: Micros
  /** The highest value in each step; 0 where there is none. The last step with any is the last. */
  readonly peaks: readonly number[]
}

/** Keeps the highest value over time in bounded memory. */
export interface Peaks {
  add(at: Micros, value: number): void
  result(): PeaksResult
}

const CELLS = 240

/** The highest value of each step; 240 steps at most. */
export function peaksOverTime(): Peaks {
  const cells = new Uint32Array(CELLS)
  const steps = stepsOfTime(CELLS, () => keepHigher(cells))

  return {
    add(at, value) {
      const cell = steps.cellOf(at)
      if (value > (cells[cell] as number)) cells[cell] = value
    },
    result() {
      const { start, step, count } = steps.result()
      return { start, step, peaks: [...cells.subarray(0, count)] }
    },
  }
}

/** Of each two neighbours. */
function keepHigher(cells: Uint32Array): void {
  const half = cells.length / 2
  for (let i = 0; i < half; i++) cells[i] = Math.max(cells[2 * i] as number, cells[2 * i + 1] as number)
  cells.fill(0, half)
}
