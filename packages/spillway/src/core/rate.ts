import type { Micros, Units } from './units.js'

/** A rate in lowest terms: `units` flow in within `time`. */
export interface Rate {
  readonly units: Units
  readonly time: Micros
}

/** A quota's rate, in lowest terms. */
export function rateOf({ limit, window }: { readonly limit: Units; readonly window: Micros }): Rate {
  const divisor = greatestCommonDivisor(limit, window)
  return { units: limit / divisor, time: window / divisor }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
