import type { Decision } from '../core/decision.js'
import type { RuleDecision } from '../verdict.js'
import type { FieldSerialiser } from './fields.js'
import { wholeSeconds } from './fields.js'

/**
 * `X-RateLimit-Limit`, `-Remaining` and `-Reset` of the tightest quota: of the decisive decision where the request was
 * refused, else of the decision with the least remaining, and of several alike the one with the longer reset. The reset is in
 * whole seconds from now, never a date.
 */
export const legacy: FieldSerialiser = {
  append(fields, decisions, decisive) {
    const tightest = decisive === undefined ? tightestOf(decisions) : withFigures(decisive.decision)
    if (tightest === undefined) return
    fields.push(
      ['X-RateLimit-Limit', String(tightest.limit)],
      ['X-RateLimit-Remaining', String(tightest.remaining)],
      ['X-RateLimit-Reset', String(wholeSeconds(tightest.resetAfter))],
    )
  },
}

type Known = Exclude<Decision, { kind: 'unknown' }>

function tightestOf(decisions: readonly RuleDecision[]): Known | undefined {
  let tightest: Known | undefined
  for (const { decision } of decisions) {
    const known = withFigures(decision)
    if (known !== undefined && (tightest === undefined || isTighter(known, tightest))) tightest = known
  }
  return tightest
}

function isTighter(one: Known, other: Known): boolean {
  return one.remaining === other.remaining ? one.resetAfter > other.resetAfter : one.remaining < other.remaining
}

function withFigures(decision: Decision): Known | undefined {
  return decision.kind === 'unknown' || decision.quotas.length === 0 ? undefined : decision
}
