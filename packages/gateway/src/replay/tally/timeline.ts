import type { Micros } from 'spillway'

/** Requests over time, in steps of one length. */
export interface TimelineResult {
  /** When the first step begins. */
  readonly start: Micros
  readonly step: Micros
  /** Requests in each step; the last one with any is the last. */
  readonly requests: readonly number[]
  /** How many of them were refused. */
  readonly refused: readonly number[]
}

/** Counts requests over time in bounded memory. */
export interface Timeline {
  add(at: Micros, refused: boolean): void
  result(): TimelineResult
}

const SECOND: Micros = 1_000_000

/**
 * A timeline of at most `cells` steps, an even number. A step is a second at first; whenever the time runs past the last
 * one, steps become twice as long and neighbours are put together. What comes before the start is counted in the first.
 */
export function timeline(cells: number): Timeline {
  const requests = new Uint32Array(cells)
  const refused = new Uint32Array(cells)
  let start = -1
  let step = SECOND
  let last = 0

  const cellOf = (at: Micros): number => {
    if (start < 0) start = at - (at % SECOND)
    let cell = Math.max(0, Math.floor((at - start) / step))
    while (cell >= cells) {
      fold(requests)
      fold(refused)
      step *= 2
      last >>= 1
      cell = Math.floor((at - start) / step)
    }
    return cell
  }

  return {
    add(at, isRefused) {
      const cell = cellOf(at)
      if (cell > last) last = cell
      requests[cell] = (requests[cell] as number) + 1
      if (isRefused) refused[cell] = (refused[cell] as number) + 1
    },
    result: () => ({
      start: Math.max(0, start),
      step,
      requests: start < 0 ? [] : [...requests.subarray(0, last + 1)],
      refused: start < 0 ? [] : [...refused.subarray(0, last + 1)],
    }),
  }
}

function fold(cells: Uint32Array): void {
  const half = cells.length / 2
  for (let i = 0; i < half; i++) cells[i] = (cells[2 * i] as number) + (cells[2 * i + 1] as number)
  cells.fill(0, half)
}
