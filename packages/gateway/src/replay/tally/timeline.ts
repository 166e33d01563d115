import type { Micros } from 'spillway'
import { stepsOfTime } from './steps.js'

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

/** A timeline of at most `cells` steps, an even number. */
export function timeline(cells: number): Timeline {
  const requests = new Uint32Array(cells)
  const refused = new Uint32Array(cells)
  const steps = stepsOfTime(cells, () => {
    addNeighbours(requests)
    addNeighbours(refused)
  })

  return {
    add(at, isRefused) {
      const cell = steps.cellOf(at)
      requests[cell] = (requests[cell] as number) + 1
      if (isRefused) refused[cell] = (refused[cell] as number) + 1
    },
    result() {
      const { start, step, count } = steps.result()
      return { start, step, requests: [...requests.subarray(0, count)], refused: [...refused.subarray(0, count)] }
    },
  }
}

function addNeighbours(cells: Uint32Array): void {
  const half = cells.length / 2
  for (let i = 0; i < half; i++) cells[i] = (cells[2 * i] as number) + (cells[2 * i + 1] as number)
  cells.fill(0, half)
}
