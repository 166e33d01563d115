import { formatDuration } from 'spillway'
import type { FittedQuota, FittedRoute } from './fit.js'
import type { Measurement } from './measure.js'
import { peaksOn } from './route-demand.js'
import type { RuleText } from './rule-text.js'

/** A rule as it is to be written, and what it is made of. */
export interface WrittenRule extends RuleText {
  readonly fitted: FittedRoute
  /** The route whose quotas it has, where no legitimate client came to it. */
  readonly like?: FittedRoute
}

/** After a denial at a login nothing passes for so long, in microseconds. */
const BLOCK = 15 * 60_000_000

/** The rules of routes and their quotas, without a word about them. */
export function writtenRules(routes: readonly FittedRoute[], measurement: Measurement): readonly WrittenRule[] {
  const [most] = routes.toSorted((a, b) => isPlain(b) - isPlain(a) || b.clients - a.clients)
  return routes.map((fitted) => {
    const like = fitted.quotas.length === 0 ? most : undefined
    const quotas = (like ?? fitted).quotas
    const block = blockOf(fitted, measurement)
    return {
      route: fitted.route,
      fitted,
      quotas: quotas.map(({ limit, window }) => `${limit}/${window.name}`),
      ...(block !== undefined && { block }),
      ...(like && { like }),
    }
  })
}

/** What holds for logins and for assets is no measure for other paths. */
function isPlain({ route: { kind } }: FittedRoute): 0 | 1 {
  return kind === 'path' ? 1 : 0
}

/** A block where people log in, if somebody who does not look legitimate would run into it; never shorter than a window. */
function blockOf({ route, rule, quotas }: FittedRoute, measurement: Measurement): string | undefined {
  const { windows, others } = measurement
  const isExceeded = ({ limit, window }: FittedQuota) => {
    const table = peaksOn(measurement, rule, windows.indexOf(window))
    return others.some((client) => (table[client] ?? 0) > limit)
  }
  const [shortest] = quotas
  if (route.kind !== 'login' || shortest === undefined || !quotas.some(isExceeded)) return undefined
  return formatDuration(Math.max(BLOCK, shortest.window.length))
}
