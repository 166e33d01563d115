import type { Policy } from 'spillway'
import { loadPolicyText } from '../policy-file/load-policy-file.js'
import { clientName } from '../replay/tally/clients.js'
import type { Conduct, Suspicion } from './conduct.js'
import { suspicious } from './conduct.js'
import type { Measured } from './fit.js'
import { heavyClients } from './heavy.js'
import type { RouteDemand } from './route-demand.js'
import { peaksOn } from './route-demand.js'
import type { Route } from './routes.js'
import { rulesText } from './rule-text.js'
import type { Window } from './windows.js'

/** What was measured of the fitted part of a log. */
export interface Measurement extends Measured {
  readonly conducts: readonly Conduct[]
  /** Clients that do not look legitimate, by name, */
  readonly suspicious: ReadonlyMap<string, Suspicion>
  /** and their numbers. */
  readonly others: readonly number[]
}

/** No client of a log that fits on a disk comes to it. */
const NEVER = 1_000_000_000

/** A policy of these routes that refuses nobody, and counts in all of these windows. */
export function measuringPolicy(identity: string, routes: readonly Route[], windows: readonly Window[]): Policy {
  const quotas = windows.map(({ name }) => `${NEVER}/${name}`)
  return policyOf(identity + rulesText(routes.map((route) => ({ route, quotas }))))
}

/** The policy of a text that was written here. */
export function policyOf(text: string): Policy {
  return loadPolicyText(text, 'the suggested policy', {}).policy
}

/** What a trial of such a policy says of its clients, by their conduct and their demand. */
export function measured(conducts: readonly Conduct[], demand: RouteDemand): Measurement {
  const known = suspicious(conducts)
  const seeming = conducts.filter(({ client }) => !known.has(clientName(client.identity)))
  const heavy = heavyClients(
    seeming.map(({ client }) => client.index),
    demand,
  )
  const heavyByName = seeming.flatMap(({ client }) => {
    const suspicion = heavy.get(client.index)
    return suspicion === undefined ? [] : [[clientName(client.identity), suspicion] as const]
  })
  const unlike = new Map([...known, ...heavyByName])
  const isUnlike = ({ client }: Conduct) => unlike.has(clientName(client.identity))
  const indexes = (some: readonly Conduct[]) => some.map(({ client }) => client.index)
  return {
    ...demand,
    conducts,
    suspicious: unlike,
    legitimate: indexes(conducts.filter((each) => !isUnlike(each))),
    others: indexes(conducts.filter(isUnlike)),
  }
}

/** With fewer legitimate clients a route is left to the rule for everything else, */
const FEWEST_CLIENTS = 10
/** unless there are hardly more of them at all. */
const FEWEST_SHARE = 0.05

/** The routes that enough legitimate clients come to for a limit of their own; the rule for everything else stays. */
export function firmRoutes(measurement: Measurement): readonly Route[] {
  const { routes, legitimate } = measurement
  const fewest = Math.max(1, Math.min(FEWEST_CLIENTS, FEWEST_SHARE * legitimate.length))
  return routes.filter(({ kind }, rule) => {
    if (kind === 'rest') return true
    const peaks = peaksOn(measurement, rule, 0)
    return legitimate.filter((client) => (peaks[client] ?? 0) > 0).length >= fewest
  })
}
