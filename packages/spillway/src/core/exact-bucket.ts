import { rateOf } from './rate.js'
import type { Micros, Units } from './units.js'

/**
 * Whether a token bucket's arithmetic stays within the integers that a double holds exactly: it counts in parts of a
 * microsecond, `Rate.time` of them to a unit.
 */
export function staysExact(limit: Units, window: Micros, burst: Units): boolean {
  return burst * rateOf({ limit, window }).time <= Number.MAX_SAFE_INTEGER
}

/** How far to look, in steps of each stride: beyond the first stride only round limits are looked at. */
const STEPS = 20_000
const STRIDES = [1, 1_000, 1_000_000]

/**
 * The nearest exact limits below and above one that is not, for a message; none where none is near. Where `burst` is
 * absent it follows the limit.
 */
export function nextExactLimits(limit: Units, window: Micros, burst: Units | undefined): Units[] {
  const works = (candidate: Units): boolean => candidate >= 1 && staysExact(candidate, window, burst ?? candidate)
  const down = search(limit - 1, -1, works)
  const up = search(limit + 1, 1, works)
  return [down, up].filter((candidate) => candidate !== undefined)
}

function search(start: Units, direction: 1 | -1, works: (candidate: Units) => boolean): Units | undefined {
  for (const stride of STRIDES) {
    const first = (direction === 1 ? Math.ceil(start / stride) : Math.floor(start / stride)) * stride
    for (let step = 0; step < STEPS; step++) {
      const candidate = first + direction * step * stride
      if (works(candidate)) return candidate
    }
  }
  return undefined
}
