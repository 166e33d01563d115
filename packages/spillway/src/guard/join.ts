import type { Charge } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import type { Identity } from '../identity/identity.js'
import type { Rule } from '../policy/policy.js'
import { strictest } from '../store/local-fallback.js'
import type { Allow, Deny, RuleDecision, Undecided } from '../verdict.js'

const NO_DECISIONS: readonly RuleDecision[] = []

/** The verdict on a request from the decisions on its charges, before any shadow rule is asked. */
export function join(
  identity: Identity,
  path: string,
  rules: readonly Rule[],
  charges: readonly Charge[],
  answers: readonly Decision[],
): Allow | Deny | Undecided {
  const decisions: RuleDecision[] = []
  let decisive: RuleDecision | undefined
  let failed = false
  for (let i = 0; i < rules.length; i++) {
    const decided = { rule: rules[i] as Rule, decision: answers[i] as Decision }
    decisions.push(decided)
    if (decided.decision.kind === 'allowed') continue
    if (decided.decision.kind === 'unknown') failed = true
    else if (decisive === undefined || waitOf(decided) > waitOf(decisive)) decisive = decided
  }
  if (decisive !== undefined) return { kind: 'deny', identity, path, decisions, shadows: NO_DECISIONS, decisive }
  if (!failed) return { kind: 'allow', identity, path, decisions, shadows: NO_DECISIONS }
  const onStoreFailure = strictest(charges) === 'deny' ? 'deny' : 'allow'
  return { kind: 'undecided', identity, path, decisions, shadows: NO_DECISIONS, onStoreFailure }
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
