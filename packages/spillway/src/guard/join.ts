import type { Decision } from '../core/decision.js'
import type { Identity } from '../identity/identity.js'
import { strictest } from '../store/failure.js'
import type { Allow, Deny, RuleDecision, Undecided } from '../verdict.js'
import type { RuleCharge } from './charges.js'

const NO_DECISIONS: readonly RuleDecision[] = []

/** The verdict on a request from the decisions on its charges, before anything on trial is decided on. */
export function join(
  identity: Identity,
  path: string,
  charges: readonly RuleCharge[],
  answers: readonly Decision[],
): Allow | Deny | Undecided {
  const decisions = decided(charges, answers)
  let decisive: RuleDecision | undefined
  let failed = false
  for (const each of decisions) {
    if (each.decision.kind === 'allowed') continue
    if (each.decision.kind === 'unknown') failed = true
    else if (decisive === undefined || waitOf(each) > waitOf(decisive)) decisive = each
  }
  if (decisive !== undefined) return { kind: 'deny', identity, path, decisions, shadows: NO_DECISIONS, decisive }
  if (!failed) return { kind: 'allow', identity, path, decisions, shadows: NO_DECISIONS }
  const onStoreFailure = strictest(charges) === 'deny' ? 'deny' : 'allow'
  return { kind: 'undecided', identity, path, decisions, shadows: NO_DECISIONS, onStoreFailure }
}

/** Each rule with the decision on the charge that was made on it. */
function decided(charges: readonly RuleCharge[], answers: readonly Decision[]): readonly RuleDecision[] {
  return charges.map(({ rule }, i) => ({ rule, decision: answers[i] as Decision }))
}

/** How long a refusal lasts: one that will never pass outweighs all. */
function waitOf({ decision }: RuleDecision): number {
  switch (decision.kind) {
    case 'denied':
    case 'blocked':
      return decision.retryAfter
    case 'impossible':
      return Number.POSITIVE_INFINITY
    case 'allowed':
    case 'unknown':
      return 0
  }
}
