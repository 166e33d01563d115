import type { Micros } from '../core/units.js'
import type { Told } from './reading.js'
import type { Standing, Turn } from './standing.js'
import { bookTurn, cancelTurn, finishTurn, newStanding, noteReading, turnUnder } from './standing.js'

/** Of so many origins, policies of one, and routes of one policy is kept what was told. The oldest go first. */
const MOST_ORIGINS = 1_000
const MOST_POLICIES = 100
const MOST_ROUTES = 1_000

/** What is known of one origin. */
export interface Pace {
  /** By the names of its policies. */
  readonly standings: Map<string, Standing>
  /** Until when a route, such as `GET /towns`, was told to wait. */
  readonly held: Map<string, Micros>
  /** Whether it has answered. */
  answered: boolean
}

/** A request that has its turn. */
export interface Booking extends Turn {
  readonly standings: readonly Standing[]
}

/** What is known of an origin; nothing at first. */
export function paceOf(paces: Map<string, Pace>, origin: string): Pace {
  const pace = paces.get(origin) ?? { standings: new Map(), held: new Map(), answered: false }
  keep(paces, origin, pace, MOST_ORIGINS)
  return pace
}

/**
 * Books the next turn for a request. Absent where it would come after `latest`: then nothing is booked.
 * A policy that every answer of the origin has named counts for every route, any other for the routes whose answers
 * named it.
 */
export function book({ standings, held }: Pace, route: string, now: Micros, latest: Micros): Booking | undefined {
  const those = [...standings.values()].filter(({ everywhere, routes }) => everywhere || routes.has(route))
  const turn = Math.max(now, held.get(route) ?? now, ...those.map((standing) => turnUnder(standing, now)))
  if (turn > latest) return undefined

  const booking = { turn, standings: those }
  for (const standing of those) bookTurn(standing, booking)
  return booking
}

/** A booked request is answered, or has failed. */
export function finish(booking: Booking | undefined): void {
  if (booking !== undefined) for (const standing of booking.standings) finishTurn(standing, booking)
}

/** A booked request will not be sent. */
export function cancel(booking: Booking): void {
  for (const standing of booking.standings) cancelTurn(standing, booking)
}

/** Notes what an answer says; `refusedFor`: how long it asks to wait, where it was refused. */
export function note(
  pace: Pace,
  route: string,
  { readings, retryAfter }: Told,
  refusedFor: Micros | undefined,
  now: Micros,
): void {
  const named = new Set(readings.map(({ policy }) => policy))
  for (const [policy, standing] of pace.standings) if (!named.has(policy)) notNamed(standing, route)

  for (const reading of readings) {
    const standing = pace.standings.get(reading.policy) ?? newStanding(!pace.answered)
    keep(pace.standings, reading.policy, standing, MOST_POLICIES)
    keepRoute(standing.routes, route)
    // Retry-After comes before the reset of what is used up.
    const held = refusedFor !== undefined && reading.remaining === 0 ? (retryAfter ?? reading.resetAfter) : undefined
    noteReading(standing, held === undefined ? reading : { ...reading, resetAfter: held }, now)
  }
  pace.answered = true
  hold(pace, route, refusedFor, now)
}

/** Holds a route back for so long; no longer where that is absent. */
export function hold({ held }: Pace, route: string, refusedFor: Micros | undefined, now: Micros): void {
  if (refusedFor === undefined) held.delete(route)
  else keep(held, route, now + refusedFor, MOST_ROUTES)
}

function notNamed(standing: Standing, route: string): void {
  standing.everywhere = false
  standing.routes.delete(route)
}

function keepRoute(routes: Set<string>, route: string): void {
  if (routes.size >= MOST_ROUTES && !routes.has(route)) routes.delete(routes.values().next().value as string)
  routes.add(route)
}

/** Sets an entry, and drops the oldest where there are too many. */
function keep<T>(entries: Map<string, T>, name: string, entry: T, most: number): void {
  if (entries.size >= most && !entries.has(name)) entries.delete(entries.keys().next().value as string)
  entries.set(name, entry)
}
