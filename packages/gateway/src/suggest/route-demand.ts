import type { RuleDemand } from '../replay/tally/demand-tally.js'
import type { Route } from './routes.js'
import type { Window } from './windows.js'

/**
 * What clients ask for on each route in each window, were nobody refused. A limit refuses exactly the clients whose demand
 * peak is above it: it is counted by the sliding window that enforces it, in which nothing is missing until the first
 * refusal.
 */
export interface RouteDemand {
  readonly routes: readonly Route[]
  readonly windows: readonly Window[]
  /** By route, with a quota for each window. */
  readonly demands: readonly RuleDemand[]
}

/** The demand peaks of clients on a route in a window, by their numbers. 0, or no more: the client never came. */
export function peaksOn({ demands }: RouteDemand, route: number, window: number): Uint32Array {
  return demands[route]?.quotas[window]?.peaks ?? new Uint32Array(0)
}
