import type { SlidingWindow } from './quota.js'
import { checkedWindow, checkUnits } from './quota-bounds.js'
import { shown } from './shown.js'
import type { Micros, Units } from './units.js'

const DEFAULT_RESOLUTION = 60
const LARGEST_RESOLUTION = 1_000

/**
 * A sliding window, checked and frozen. Throws a `RangeError`, which names the option. All quotas as text are sliding
 * windows: what reads nothing but text loads this, and no other algorithm.
 */
export function slidingQuota(options: {
  readonly limit: Units
  readonly window?: Micros | undefined
  readonly resolution?: number | undefined
}): SlidingWindow {
  checkUnits('limit', options.limit)
  const resolution = options.resolution ?? DEFAULT_RESOLUTION
  if (!Number.isInteger(resolution) || resolution < 1 || resolution > LARGEST_RESOLUTION) {
    throw new RangeError(`resolution must be a whole number from 1 to ${LARGEST_RESOLUTION}, not ${shown(resolution)}`)
  }
  return Object.freeze({
    algorithm: 'sliding-window',
    limit: options.limit,
    window: checkedWindow(options),
    resolution,
  })
}
