import type { Clock, Policy, Verdict } from 'spillway'
import type { Counts, None } from './counts.js'
import { count, countsFrom } from './counts.js'
import type { Histogram } from './histogram.js'
import { histogram } from './histogram.js'
import type { NewlyLimited } from './newly-limited.js'
import { newlyLimited } from './newly-limited.js'
import type { RuleCounts } from './rule-counts.js'
import { ruleCounts } from './rule-counts.js'
import type { UpstreamFault } from './upstream-fault.js'

/**
 * What the gateway counts while it works, in plain numbers that cost nothing on the way of a request; `metrics` reads
 * them when somebody asks. Labels are rules and kinds: their number is the policy's, never the traffic's.
 */
export interface Tally {
  readonly decisions: RuleCounts
  readonly verdicts: Counts
  readonly upstreamFaults: Counts
  readonly decisionTime: Histogram
  readonly upstreamTime: Histogram
  readonly limitedClients: NewlyLimited
  inFlight: number
  /** Counts one verdict, with the decisions of its rules and the seconds that it took. */
  verdict(verdict: Verdict, seconds: number): void
  upstreamFault(fault: UpstreamFault): void
}

const NO_VERDICTS: None<Verdict['kind']> = { allow: 0, deny: 0, undecided: 0, unidentified: 0, malformed: 0 }
const NO_FAULTS: None<UpstreamFault> = { timeout: 0, refused: 0, reset: 0, tls: 0, protocol: 0, request: 0, other: 0 }

/** An empty tally for the rules of the policy. */
export function tally(policy: Policy, clock: Clock): Tally {
  const decisions = ruleCounts()
  decisions.follow(policy)
  const verdicts = countsFrom(NO_VERDICTS)
  const upstreamFaults = countsFrom(NO_FAULTS)
  const limitedClients = newlyLimited(clock)
  const decisionTime = histogram(
    'spillway_decision_duration_seconds',
    'Time to decide on a request.',
    [0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1],
  )

  return {
    decisions,
    verdicts,
    upstreamFaults,
    decisionTime,
    upstreamTime: histogram(
      'spillway_upstream_duration_seconds',
      'Time from a request to the upstream until the head of its answer.',
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    ),
    limitedClients,
    inFlight: 0,
    verdict: (verdict, seconds) => {
      count(verdicts, verdict.kind)
      decisionTime.observe(seconds)
      if (verdict.kind === 'unidentified' || verdict.kind === 'malformed') return
      if (verdict.kind === 'deny') limitedClients.refused(verdict.identity)
      decisions.add(verdict.decisions)
      decisions.add(verdict.shadows)
    },
    upstreamFault: (fault) => count(upstreamFaults, fault),
  }
}
