import type { RuleDecision } from '../verdict.js'
import type { FieldSerialiser, KnownDecision } from './fields.js'
import { tellsFigures, wholeSeconds } from './fields.js'

/**
 * `X-RateLimit-Limit`, `-Remaining` and `-Reset` of the tightest quota: of the decisive decision where the request was
 * refused, else of the decision with the least remaining, and of several alike the one with the longer reset. The reset
 * is in whole seconds from now, never a date.
 */
export const legacy: FieldSerialiser = (decisions, decisive) => {
  const tightest = tightestOf(decisive === undefined ? decisions : [decisive])
  if (tightest === undefined) return []
  return [
    ['X-RateLimit-Limit', String(tightest.limit)],
    ['X-RateLimit-Remaining', String(tightest.remaining)],
    ['X-RateLimit-Reset', String(wholeSeconds(tightest.resetAfter))],
  ]
}

function tightestOf(decisions: readonly RuleDecision[]): KnownDecision | undefined {
  let tightest: KnownDecision | undefined
  for (const decided of decisions) {
    if (!tellsFigures(decided)) continue
    if (tightest === undefined || isTighter(decided.decision, tightest)) tightest = decided.decision
  }
  return tightest
}

function isTighter(one: KnownDecision, other: KnownDecision): boolean {
  return one.remaining === other.remaining ? one.resetAfter > other.resetAfter : one.remaining < other.remaining
}
