import type { Quota, Units } from 'spillway'
import { sizeOf } from '../replay/quota-size.js'
import type { RuleDemand } from '../replay/tally/demand-tally.js'
import type { PeaksResult } from '../replay/tally/peaks.js'

/**
 * What becomes of a rule's clients wherever one of its limits (of a token bucket: its burst) is moved. The rule's other
 * quotas, and all other rules, stay as they are.
 */
export interface MovedLimit {
  readonly quota: Quota
  /** Limits to choose from, ascending; the present one is among them. */
  readonly limits: readonly Units[]
  /** Which of them is the present one. */
  readonly present: number
  /** Under each limit: how many clients would be refused at least once. */
  readonly refused: readonly number[]
  /** Under each limit: how many requests those clients sent to the rule, let through or not. */
  readonly requests: readonly number[]
  /** Clients whose peak is this limit, or below it and above the one before. */
  readonly peaks: readonly number[]
  readonly highestPeak: Units
  /** Clients that came to the rule, and all their requests. */
  readonly clients: number
  readonly allRequests: number
  readonly overTime: PeaksResult
}

/** So many limits there are to choose from, or a few more. */
const LIMITS = 120
const FEWEST = 10

/**
 * Moves each limit of a rule. Until a client is refused for the first time, what it is counted for is all that it asks
 * for: so a limit refuses it at least once exactly if its peak, were nothing refused, is above the limit.
 */
export function movedLimits(quotas: readonly Quota[], demand: RuleDemand): MovedLimit[] {
  return quotas.map((quota, i) => {
    const peaks = demand.quotas[i]?.peaks ?? new Uint32Array()
    const highestPeak = peaks.reduce((most, peak) => Math.max(most, peak), 0)
    const limits = limitsAround(sizeOf(quota), highestPeak)
    const counts = countAt(limits, peaks, demand.requests, refusedByOthers(quotas, demand, i))
    return {
      quota,
      limits,
      present: limits.indexOf(sizeOf(quota)),
      ...counts,
      highestPeak,
      overTime: demand.quotas[i]?.overTime.result() ?? { start: 0, step: 1, peaks: [] },
    }
  })
}

/** Whether a client would be refused by another quota of the rule, wherever this one's limit is. */
function refusedByOthers(quotas: readonly Quota[], demand: RuleDemand, own: number): (client: number) => boolean {
  const others = quotas.flatMap((quota, i) => {
    const peaks = demand.quotas[i]?.peaks
    return i === own || peaks === undefined ? [] : [{ size: sizeOf(quota), peaks }]
  })
  return (client) => others.some(({ size, peaks }) => (peaks[client] ?? 0) > size)
}

/** Every limit up to twice the present one and up to the highest peak; of many such, some, further and further apart. */
export function limitsAround(present: Units, highestPeak: Units): Units[] {
  const last = Math.max(FEWEST, 2 * present, highestPeak)
  if (last <= LIMITS) return Array.from({ length: last }, (_, i) => i + 1)
  const spread = Array.from({ length: LIMITS }, (_, i) => wholeTwoDigits(last ** (i / (LIMITS - 1))))
  return [...new Set([...spread, present, last])].sort((a, b) => a - b)
}

function wholeTwoDigits(value: number): number {
  return Math.round(Number(value.toPrecision(2)))
}

function countAt(
  limits: readonly Units[],
  peaksOf: Uint32Array,
  requestsOf: Uint32Array,
  refusedAnyway: (client: number) => boolean,
): Pick<MovedLimit, 'refused' | 'requests' | 'peaks' | 'clients' | 'allRequests'> {
  const peaks = limits.map(() => 0)
  const [refused, requests] = [limits.map(() => 0), limits.map(() => 0)]
  let [clients, allRequests] = [0, 0]
  for (const [client, peak] of peaksOf.entries()) {
    if (peak === 0) continue
    const sent = requestsOf[client] ?? 0
    const place = placeOf(peak, limits)
    clients++
    allRequests += sent
    peaks[place] = (peaks[place] ?? 0) + 1
    // Under this limit it passes, and under every higher one: it counts for those before.
    const last = refusedAnyway(client) ? limits.length - 1 : place - 1
    if (last < 0) continue
    refused[last] = (refused[last] ?? 0) + 1
    requests[last] = (requests[last] ?? 0) + sent
  }
  return { refused: sumsFromTheEnd(refused), requests: sumsFromTheEnd(requests), peaks, clients, allRequests }
}

/** The first limit that is at least the peak. */
function placeOf(peak: Units, limits: readonly Units[]): number {
  let [low, high] = [0, limits.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((limits[middle] ?? 0) >= peak) high = middle
    else low = middle + 1
  }
  return low
}

function sumsFromTheEnd(counts: readonly number[]): number[] {
  let sum = 0
  return counts
    .toReversed()
    .map((count) => (sum += count))
    .toReversed()
}
