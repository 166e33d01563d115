import type { Micros, Quota, Units } from 'spillway'
import { SHORTEST_SPAN } from '../../lint/calendar-spans.js'

/** An admitted request: it was decided at some moment from `sent` to `answered`, which only the server knows. */
export interface Admission {
  readonly sent: Micros
  readonly answered: Micros
  readonly units: Units
}

/** More than a quota allows, within one span. */
export interface Excess {
  readonly units: Units
  readonly allowed: Units
  readonly span: Micros
}

/**
 * Looks for an excess among what was admitted of one share. It is told in the order of the answers; `oldest` is when the
 * oldest request still underway was sent: nothing sent before is to come.
 */
export type Watch = (admission: Admission, oldest: Micros) => Excess | undefined

/** What moments are read and rounded to on either side: spans are taken for so much longer. */
export const CLOCK_ERROR: Micros = 1_000

/**
 * The watches of a quota. Each holds only to what is certain whenever, from being sent to being answered, the requests
 * were decided, and wherever the server's windows begin.
 */
export function watchesOf(quota: Quota): readonly Watch[] {
  switch (quota.algorithm) {
    case 'sliding-window':
      return [spanWatch(quota.limit, quota.window)]
    case 'token-bucket':
      return [rateWatch(quota.burst, quota.limit, quota.window)]
    case 'fixed-window':
      return fixedWatches(quota.limit, quota.align === 'calendar' ? SHORTEST_SPAN[quota.every] : quota.window)
  }
}

/** A span shorter than a window touches two of them at most; one of length `t` at most `t / window + 2`. */
function fixedWatches(limit: Units, window: Micros): readonly Watch[] {
  return [spanWatch(2 * limit, window), rateWatch(2 * limit, limit, window)]
}

/** More than `limit` units, all sent and answered within a span shorter than the window. */
export function spanWatch(limit: Units, window: Micros): Watch {
  const recent: Admission[] = []
  let units = 0

  return (admission) => {
    const from = admission.answered - window + CLOCK_ERROR
    units += insert(recent, admission)
    // Answers come in order, so what was sent before this span is in no later one either.
    units -= dropWhile(recent, ({ sent }) => sent <= from)
    if (units <= limit) return undefined
    return { units, allowed: limit, span: admission.answered - (recent[0]?.sent ?? admission.sent) }
  }
}

/** More than `burst` units and those that flow in, `limit` a window, over any span. */
export function rateWatch(burst: Units, limit: Units, window: Micros): Watch {
  const rate = limit / window
  const recent: Admission[] = []
  // Of all spans that begin before any request that is still to be told of, the one nearest to an excess.
  let settled: { readonly from: Micros; units: Units } | undefined

  return (admission, oldest) => {
    if (settled) settled.units += admission.units
    insert(recent, admission)
    const nearest = nearestOf(settled, recent, rate)
    while (recent.length > 0 && (recent[0] as Admission).sent < oldest) {
      const first = { from: (recent[0] as Admission).sent, units: sum(recent) }
      if (settled === undefined || use(first, rate) > use(settled, rate)) settled = first
      recent.shift()
    }
    const span = admission.answered - nearest.from
    const allowed = burst + rate * (span + CLOCK_ERROR)
    return nearest.units > allowed ? { units: nearest.units, allowed: Math.floor(allowed), span } : undefined
  }
}

interface Start {
  readonly from: Micros
  readonly units: Units
}

/** Grows with what was admitted since, and falls with how long ago that began. */
function use({ from, units }: Start, rate: number): number {
  return units + rate * from
}

function nearestOf(settled: Start | undefined, recent: readonly Admission[], rate: number): Start {
  let units = 0
  let nearest = settled
  for (let i = recent.length - 1; i >= 0; i--) {
    const { sent, units: more } = recent[i] as Admission
    units += more
    const start = { from: sent, units }
    if (nearest === undefined || use(start, rate) > use(nearest, rate)) nearest = start
  }
  return nearest as Start
}

/** Puts an admission where it belongs by when it was sent, which is nearly always at the end. Gives its units. */
function insert(recent: Admission[], admission: Admission): Units {
  let at = recent.length
  while (at > 0 && (recent[at - 1] as Admission).sent > admission.sent) at--
  if (at === recent.length) recent.push(admission)
  else recent.splice(at, 0, admission)
  return admission.units
}

/** Drops from the front; gives the units that were dropped. */
function dropWhile(recent: Admission[], drop: (admission: Admission) => boolean): Units {
  let count = 0
  let units = 0
  while (count < recent.length && drop(recent[count] as Admission)) units += (recent[count++] as Admission).units
  if (count > 0) recent.splice(0, count)
  return units
}

function sum(recent: readonly Admission[]): Units {
  return recent.reduce((total, { units }) => total + units, 0)
}
