import type { Micros } from 'spillway'

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

const SECOND: Micros = 1_000_000
const CELLS = 240

/** Steps as those of `timeline`: a second at first, twice as long whenever the time runs past the last. */
export function peaksOverTime(): Peaks {
  const cells = new Uint32Array(CELLS)
  let start = -1
  let step = SECOND
  let last = 0

  return {
    add(at, value) {
      if (start < 0) start = at - (at % SECOND)
      while (at - start >= step * CELLS) {
        fold(cells)
        step *= 2
        last >>= 1
      }
      const cell = Math.max(0, Math.floor((at - start) / step))
      if (cell > last) last = cell
      if (value > (cells[cell] as number)) cells[cell] = value
    },
    result: () => ({ start: Math.max(0, start), step, peaks: start < 0 ? [] : [...cells.subarray(0, last + 1)] }),
  }
}

function fold(cells: Uint32Array): void {
  const half = cells.length / 2
  for (let i = 0; i < half; i++) cells[i] = Math.max(cells[2 * i] as number, cells[2 * i + 1] as number)
  cells.fill(0, half)
}
