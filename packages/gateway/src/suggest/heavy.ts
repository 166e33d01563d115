import type { Suspicion } from './conduct.js'
import type { RouteDemand } from './route-demand.js'
import { peaksOn } from './route-demand.js'

/** Among fewer clients nobody can be told to be far beyond the others. */
const FEWEST_CLIENTS = 10
/** At most one client in a hundred is far beyond the others, but one may always be: */
const MOST_HEAVY = 0.01
/** so many times the peak of the next one, */
const TIMES = 10
/** and never less than so many times this. */
const LEAST_NEXT = 10

/**
 * Which of `clients` (their numbers) ask for far more than everybody else of some route, in some window: their peaks are
 * ten times that of the highest client that is not among them, and at least 100.
 */
export function heavyClients(clients: readonly number[], demand: RouteDemand): ReadonlyMap<number, Suspicion> {
  const heavy = new Map<number, Suspicion>()
  for (const [rule, route] of demand.routes.entries()) {
    for (const [i, window] of demand.windows.entries()) {
      for (const { client, peak, next } of beyond(clients, peaksOn(demand, rule, i))) {
        if (!heavy.has(client)) heavy.set(client, { kind: 'heavy', rule: route.name, window: window.name, peak, next })
      }
    }
  }
  return heavy
}

/** Those above the lowest gap among the highest peaks. */
function beyond(clients: readonly number[], table: Uint32Array) {
  const peakOf = (client: number | undefined) => (client === undefined ? 0 : (table[client] ?? 0))
  const came = clients.filter((client) => peakOf(client) > 0).sort((a, b) => peakOf(b) - peakOf(a))
  if (came.length < FEWEST_CLIENTS) return []
  for (let count = Math.max(1, Math.floor(MOST_HEAVY * came.length)); count > 0; count--) {
    const next = peakOf(came[count])
    if (peakOf(came[count - 1]) < TIMES * Math.max(next, LEAST_NEXT)) continue
    return came.slice(0, count).map((client) => ({ client, peak: peakOf(client), next }))
  }
  return []
}
