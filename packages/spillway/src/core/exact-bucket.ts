import type { Micros, Units } from './units.js'

/**
 * Whether a token bucket's arithmetic stays within the integers that a double holds exactly: it counts in parts of a
 * microsecond, `limit / g` to the microsecond with g = gcd(limit, window), so that a full bucket is
 * `burst * (window / g)` of them.
 */
export function staysExact(limit: Units, window: Micros, burst: Units): boolean {
  const refill = burst * (window / greatestCommonDivisor(limit, window))
  return refill <= Number.MAX_SAFE_INTEGER && burst * limit <= Number.MAX_SAFE_INTEGER
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
  const largest = Math.floor(burst === undefined ? Math.sqrt(Number.MAX_SAFE_INTEGER) : Number.MAX_SAFE_INTEGER / burst)
  const down = search(Math.min(limit - 1, largest), -1, works)
  const up = limit < largest ? search(limit + 1, 1, works) : undefined
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

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
