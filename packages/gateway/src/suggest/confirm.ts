import type { Policy } from 'spillway'
import type { LogFindings } from '../replay/run.js'
import type { Asking, UserField } from '../replay/who.js'
import type { Suspicion } from './conduct.js'
import { suspicious } from './conduct.js'
import type { Parts } from './parts.js'
import type { Effect } from './suggestion.js'
import type { Trial } from './trial.js'
import { effectOf, trialOf } from './trial.js'

/** What a replay of the written rules found. */
export interface Confirmed {
  readonly findings: LogFindings
  /** What of the log says who asked, where that was said. */
  readonly user?: UserField
  /** Of the part that the limits were fitted to, */
  readonly fittedTrial: Trial
  /** and of the whole log. */
  readonly wholeTrial: Trial
  readonly fitted: Effect
  /** Absent where nothing was held out. */
  readonly heldOut?: Effect
  readonly whole: Effect
}

/**
 * Replays a policy on the part that it was fitted to, on the part that was held out, and on all. `known` are those who did
 * not look legitimate in the first part: nor do they later.
 */
export async function confirm(
  { read, fitted }: Parts,
  asking: Asking,
  known: ReadonlyMap<string, Suspicion>,
  policy: Policy,
): Promise<Confirmed> {
  const [fittedTrial, laterTrial, wholeTrial] = [
    trialOf(policy, asking),
    trialOf(policy, asking),
    trialOf(policy, asking),
  ]
  let nth = 0
  const findings = await read((line, at) => {
    const part = nth++ < fitted ? fittedTrial : laterTrial
    part.take(line, at)
    wholeTrial.take(line, at)
  })
  const effect = (trial: Trial) => effectOf(trial, suspicious(trial.conducts(), known))
  return {
    findings,
    ...(asking.user && { user: asking.user }),
    fittedTrial,
    wholeTrial,
    fitted: effect(fittedTrial),
    ...(nth > fitted && { heldOut: effect(laterTrial) }),
    whole: effect(wholeTrial),
  }
}
