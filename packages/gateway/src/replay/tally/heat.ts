import type { Micros } from 'spillway'

/** Requests by weekday and hour in UTC: seven lists from Monday on, of 24 numbers each. */
export interface HeatResult {
  readonly requests: readonly (readonly number[])[]
  readonly refused: readonly (readonly number[])[]
}

/** Counts by weekday and hour. */
export interface Heat {
  add(at: Micros, refused: boolean): void
  result(): HeatResult
}

const HOUR: Micros = 3_600_000_000
const HOURS = 7 * 24
/** 1970 began on a Thursday. */
const FIRST_HOUR = 3 * 24

/** A heat map of a week. */
export function heatMap(): Heat {
  const requests = new Float64Array(HOURS)
  const refused = new Float64Array(HOURS)
  return {
    add(at, isRefused) {
      const hour = (Math.floor(at / HOUR) + FIRST_HOUR) % HOURS
      requests[hour] = (requests[hour] as number) + 1
      if (isRefused) refused[hour] = (refused[hour] as number) + 1
    },
    result: () => ({ requests: days(requests), refused: days(refused) }),
  }
}

function days(hours: Float64Array): number[][] {
  return Array.from({ length: 7 }, (_, day) => [...hours.subarray(day * 24, day * 24 + 24)])
}
