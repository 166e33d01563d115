import type { Policy } from 'spillway'
import { LogError } from '../logs/log-error.js'
import { MOST_CLIENTS } from '../replay/tally/clients.js'
import { demandTally } from '../replay/tally/demand-tally.js'
import { hasRefused } from '../replay/tally/rule-tally.js'
import type { Asking } from '../replay/who.js'
import { compose } from './compose.js'
import type { Confirmed } from './confirm.js'
import { confirm } from './confirm.js'
import type { FittedRoute } from './fit.js'
import { fitRoutes, raised } from './fit.js'
import { identityText } from './identity-text.js'
import { learner } from './learn.js'
import type { Measurement } from './measure.js'
import { firmRoutes, measured, measuringPolicy, policyOf } from './measure.js'
import type { Parts, ReadLog } from './parts.js'
import { partsOf, readFitted } from './parts.js'
import type { Route } from './routes.js'
import { routesOf } from './routes.js'
import { rulesText } from './rule-text.js'
import type { Suggestion } from './suggestion.js'
import { trialOf } from './trial.js'
import type { Window } from './windows.js'
import { writtenRules } from './written-rules.js'

/** What is wanted of a suggestion. */
export interface Wanted {
  /** The share of legitimate clients that may be refused. */
  readonly refuse: number
  /** The share of the requests, the last ones, that the limits are not fitted to but tried on. */
  readonly holdOut: number
}

/** Where too many are refused after so many rounds, the suggestion says so. */
const MOST_ROUNDS = 8

/**
 * Suggests a policy for a log: learns its routes, measures its clients, finds limits, and replays what it has written.
 * Throws a `LogError` where there is no request or nobody who looks legitimate, and what reading throws.
 */
export async function suggest(read: ReadLog, asking: Asking, { refuse, holdOut }: Wanted): Promise<Suggestion> {
  const parts = await partsOf(read, holdOut)
  const learnt = learner()
  await readFitted(parts, learnt.take)

  const identity = identityText(asking.user, asking.groups)
  const measurement = await measure(parts, asking, identity, routesOf(learnt), learnt.windows.known())
  const tryOut = (routes: readonly FittedRoute[]) =>
    confirm(parts, asking, measurement.suspicious, policyFor(identity, routes, measurement))

  let fitted = fitRoutes(measurement, refuse)
  let confirmed = await tryOut(fitted)
  for (let round = 1; round < MOST_ROUNDS && confirmed.fitted.legitimate.share > refuse; round++) {
    fitted = raised(fitted, refusingRules(confirmed, measurement))
    confirmed = await tryOut(fitted)
  }
  return compose(writtenRules(fitted, measurement), measurement, confirmed, identity, refuse)
}

/** Measures all routes, and again without those that too few clients came to: what came to them comes to others then. */
async function measure(
  parts: Parts,
  asking: Asking,
  identity: string,
  routes: readonly Route[],
  windows: readonly Window[],
): Promise<Measurement> {
  const policy = measuringPolicy(identity, routes, windows)
  const demand = demandTally(policy, MOST_CLIENTS)
  const trial = trialOf(policy, asking, (client, at, verdict) => demand.take(verdict, client.index, at))
  await readFitted(parts, trial.take)
  const measurement = measured(trial.conducts(), { routes, windows, demands: demand.rules })
  if (measurement.legitimate.length === 0) {
    throw new LogError(
      'no client of these logs looks legitimate: all are known bots, or mostly came to 401, 403 or 404',
    )
  }
  const firm = firmRoutes(measurement)
  return firm.length === routes.length ? measurement : measure(parts, asking, identity, firm, windows)
}

function policyFor(identity: string, fitted: readonly FittedRoute[], measurement: Measurement): Policy {
  return policyOf(identity + rulesText(writtenRules(fitted, measurement)))
}

/** Tells by its name whether a rule refuses clients that look legitimate. */
function refusingRules({ fittedTrial }: Confirmed, { legitimate }: Measurement): (name: string) => boolean {
  const refusing = fittedTrial.replay.tally.rules.all.filter((tally) =>
    legitimate.some((client) => hasRefused(tally, client)),
  )
  const names = new Set(refusing.map(({ rule }) => rule.name))
  return (name) => names.has(name)
}
