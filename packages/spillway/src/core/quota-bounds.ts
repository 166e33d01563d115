import { shown } from './shown.js'
import type { Micros, Units } from './units.js'
import { MILLISECOND, YEAR } from './units.js'

/** 1 millisecond. */
export const SHORTEST_WINDOW: Micros = MILLISECOND
/** 10 years. */
export const LONGEST_WINDOW: Micros = 10 * YEAR
/** What is used and one cost more, each at most the limit, must be below 2^53 together. */
export const LARGEST_LIMIT: Units = 2 ** 52

/** Throws a `RangeError` unless it is a whole number of units, from 1 to `LARGEST_LIMIT`. */
export function checkUnits(option: 'limit' | 'burst', value: unknown): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LARGEST_LIMIT) return
  throw new RangeError(`${option} must be a whole number, from 1 to 2^52, not ${shown(value)}`)
}

/** A window in bounds; throws a `RangeError` for any other, and where there is none. */
export function checkedWindow({ window }: { readonly window?: Micros | undefined }): Micros {
  if (window === undefined || !Number.isInteger(window) || window < SHORTEST_WINDOW || window > LONGEST_WINDOW) {
    throw new RangeError(`window must be whole microseconds, from 1 millisecond to 10 years, not ${shown(window)}`)
  }
  return window
}
