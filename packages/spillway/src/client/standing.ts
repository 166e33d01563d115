import type { Micros, Units } from '../core/units.js'
import type { Reading } from './reading.js'

/** When a request is to be sent. Each is an object of its own: several may be due at the same time. */
export interface Turn {
  readonly turn: Micros
}

/** Where a policy of a server stands for this client: what was last told, and what was sent since. */
export interface Standing {
  /** Units left, less what is under way. Below zero where more was sent than is left. */
  remaining: Units
  /** When more appear; what was told holds until then. */
  resetAt: Micros
  limit: Units | undefined
  /** The time that one unit of the quota stands for; 0 where it is not known. */
  interval: Micros
  requests: boolean
  /** When the latest request under it was sent, or is booked to be. */
  lastTurn: Micros
  /** The same, of those that were answered. */
  lastAnswered: Micros
  /** Requests that are booked or sent, and not answered. */
  readonly underway: Set<Turn>
  /** Whether every answer of the origin has named it. */
  everywhere: boolean
  /** The routes whose latest answers named it. */
  readonly routes: Set<string>
}

/** A policy of which nothing is known that would hold anything back. */
export function newStanding(everywhere: boolean): Standing {
  return {
    remaining: Number.POSITIVE_INFINITY,
    resetAt: Number.NEGATIVE_INFINITY,
    limit: undefined,
    interval: 0,
    requests: true,
    lastTurn: Number.NEGATIVE_INFINITY,
    lastAnswered: Number.NEGATIVE_INFINITY,
    underway: new Set(),
    everywhere,
    routes: new Set(),
  }
}

/** Takes over what was told just now. What is under way may not be counted in it yet. */
export function noteReading(standing: Standing, reading: Reading, now: Micros): void {
  const { limit, window, remaining, resetAfter, requests } = reading
  standing.remaining = remaining - standing.underway.size
  standing.resetAt = resetAfter === undefined ? Number.NEGATIVE_INFINITY : now + resetAfter
  standing.limit = limit
  standing.interval = limit && window ? window / limit : 0
  standing.requests = requests
}

/** The share of the limit below which requests are spread, and the number where the limit is not told. */
const LOW_SHARE = 0.2
const LOW_NUMBER = 10

/**
 * When the next request may go: at once while much is left, spread until the reset when little is, after it when
 * nothing is.
 */
export function turnUnder(standing: Standing, now: Micros): Micros {
  const { remaining, resetAt, limit, interval, requests, lastTurn } = standing
  if (now >= resetAt && now >= lastTurn) return now
  if (remaining <= 0) return Math.ceil(Math.max(now, resetAt, lastTurn + interval))

  const low = limit === undefined ? LOW_NUMBER : limit * LOW_SHARE
  if (!requests || remaining > low) return now
  return Math.ceil(Math.max(now, lastTurn + Math.max(0, resetAt - now) / (remaining + 1)))
}

/** Gives a request its turn. */
export function bookTurn(standing: Standing, turn: Turn): void {
  standing.lastTurn = turn.turn
  standing.remaining--
  standing.underway.add(turn)
}

/** A request is answered, or has failed on its way. */
export function finishTurn(standing: Standing, turn: Turn): void {
  standing.underway.delete(turn)
  standing.lastAnswered = Math.max(standing.lastAnswered, turn.turn)
}

/** A request was never sent: its unit is left, and whoever comes next need not come after it. */
export function cancelTurn(standing: Standing, turn: Turn): void {
  standing.underway.delete(turn)
  standing.remaining++
  if (turn.turn !== standing.lastTurn) return

  standing.lastTurn = standing.lastAnswered
  for (const other of standing.underway) standing.lastTurn = Math.max(standing.lastTurn, other.turn)
}
