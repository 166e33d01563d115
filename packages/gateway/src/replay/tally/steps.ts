import type { Micros } from 'spillway'

/** Steps of time, each with a cell of its own in tables of a fixed length. */
export interface Steps {
  /** The cell of a moment. What comes before the start belongs to the first. */
  cellOf(at: Micros): number
  /** When the first step begins, how long each is, and how many there are up to the last that anything came in. */
  result(): { readonly start: Micros; readonly step: Micros; readonly count: number }
}

const SECOND: Micros = 1_000_000

/**
 * At most `cells` steps, an even number. A step is a second at first; whenever the time runs past the last one, steps
 * become twice as long, and `fold` is to put neighbours together, from the first cell on.
 */
export function stepsOfTime(cells: number, fold: () => void): Steps {
  let start = -1
  let step = SECOND
  let last = 0

  return {
    cellOf(at) {
      if (start < 0) start = at - (at % SECOND)
      while (at - start >= step * cells) {
        fold()
        step *= 2
        last >>= 1
      }
      const cell = Math.max(0, Math.floor((at - start) / step))
      if (cell > last) last = cell
      return cell
    },
    result: () => ({ start: Math.max(0, start), step, count: start < 0 ? 0 : last + 1 }),
  }
}
