import type { Units } from 'spillway'
import { nextLimit, roundLimit } from './round-limit.js'
import type { RouteDemand } from './route-demand.js'
import { peaksOn } from './route-demand.js'
import type { Route } from './routes.js'
import type { Window } from './windows.js'

/** A quota that was found, and what it was found by. */
export interface FittedQuota {
  readonly window: Window
  /** The limit as it is written. */
  readonly limit: Units
  /** The least limit that refuses no more than may be. */
  readonly needed: Units
  /** Peaks of the legitimate clients of the route: that of the middle one, of 99 in 100, and the highest. */
  readonly median: Units
  readonly p99: Units
  readonly highest: Units
}

/** A route with its quotas. */
export interface FittedRoute {
  readonly route: Route
  /** Its number in the policy that was measured. */
  readonly rule: number
  /** Legitimate clients that came to it. */
  readonly clients: number
  readonly quotas: readonly FittedQuota[]
}

/** What the limits are found by. */
export interface Measured extends RouteDemand {
  /** The numbers of the clients that look legitimate. */
  readonly legitimate: readonly number[]
}

/** One quota that is being found: a rule and a window. */
interface Cell {
  readonly rule: number
  readonly window: Window
  /** Peaks by client. */
  readonly table: Uint32Array
  /** Those of legitimate clients that came, lowest first. */
  readonly sorted: Uint32Array
  limit: Units
}

/** The limits that refuse at most this share of the legitimate clients, of each route and of all together. */
export function fitRoutes(measured: Measured, refuse: number): readonly FittedRoute[] {
  const cells = cellsOf(measured, refuse)
  admitMore(cells, measured.legitimate, mostOf(measured.legitimate.length, refuse))
  return measured.routes.map((route, rule) => {
    const own = cells.filter((cell) => cell.rule === rule)
    return { route, rule, clients: own[0]?.sorted.length ?? 0, quotas: usefulQuotas(own.map(quotaOf)) }
  })
}

/** The same routes with the next higher limits where `isRefusing` says so. */
export function raised(routes: readonly FittedRoute[], isRefusing: (name: string) => boolean): readonly FittedRoute[] {
  return routes.map((fitted) =>
    isRefusing(fitted.route.name)
      ? { ...fitted, quotas: fitted.quotas.map((quota) => ({ ...quota, limit: nextLimit(quota.limit) })) }
      : fitted,
  )
}

function cellsOf(measured: Measured, refuse: number): Cell[] {
  const { routes, windows, legitimate } = measured
  return routes.flatMap((route, rule) =>
    windows.flatMap((window, i) => {
      if (!isFit(window, route, windows)) return []
      const table = peaksOn(measured, rule, i)
      const sorted = Uint32Array.from(legitimate.map((client) => table[client] ?? 0).filter((peak) => peak > 0)).sort()
      if (sorted.length === 0) return []
      const refused = mostOf(sorted.length, refuse)
      return [{ rule, window, table, sorted, limit: sorted[sorted.length - 1 - refused] as number }]
    }),
  )
}

/** The most of `count` that are at most this share of it: 29 % of 100 are 29, though 0.29 * 100 is below. */
function mostOf(count: number, share: number): number {
  const nearest = Math.round(share * count)
  return nearest / count <= share ? nearest : nearest - 1
}

/** Who is refused at a login must not wait for a day, nor be let through each second: it has minutes and hours, if any. */
function isFit({ name }: Window, { kind }: Route, windows: readonly Window[]): boolean {
  const isUsual = (each: string) => each === 'minute' || each === 'hour'
  return kind !== 'login' || isUsual(name) || !windows.some((window) => isUsual(window.name))
}

/**
 * Each limit alone refuses few enough; together they may refuse more. Then those clients are let through that need least
 * for it, until few enough are left.
 */
function admitMore(cells: readonly Cell[], clients: readonly number[], allowed: number): void {
  const excess = (client: number) =>
    cells.reduce((sum, { table, limit }) => sum + Math.max(0, Math.log((table[client] ?? 0) / limit)), 0)
  const refused = clients
    .map((client) => ({ client, excess: excess(client) }))
    .filter((each) => each.excess > 0)
    .sort((a, b) => a.excess - b.excess)
  for (const { client } of refused.slice(0, Math.max(0, refused.length - allowed))) {
    for (const cell of cells) cell.limit = Math.max(cell.limit, cell.table[client] ?? 0)
  }
}

function quotaOf({ window, sorted, limit: needed }: Cell): FittedQuota {
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] as number
  return { window, limit: roundLimit(needed), needed, median: at(0.5), p99: at(0.99), highest: at(1) }
}

/** A shorter window adds something only if its limit is well below that of a longer one. */
const WELL_BELOW = 0.5

/** Without those that never refuse before another one does. */
function usefulQuotas(quotas: readonly FittedQuota[]): FittedQuota[] {
  const reached = quotas.filter(
    ({ window, limit }) =>
      !quotas.some((other) => other.window.length < window.length && mostIn(window, other) <= limit),
  )
  return reached.filter(
    ({ window, limit }) =>
      !reached.some((other) => other.window.length > window.length && limit > WELL_BELOW * other.limit),
  )
}

/** What a quota admits at most in a longer window, which may hold its units by a part longer. */
function mostIn(window: Window, { limit, window: own }: FittedQuota): Units {
  return limit * (Math.ceil(window.length / own.length) + 2)
}
