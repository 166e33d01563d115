import type { Decision } from '../core/decision.js'
import { misfits } from '../policy/misfits.js'
import type { Layer, Rule } from '../policy/policy.js'
import type { RuleDecision } from '../verdict.js'
import type { ChargeExplained, LayerExplained, QuotaExplained, RuleExplained } from './explanation.js'
import { shownPartition } from './privacy.js'

/** What is known of a request once it has been decided on: all that its layers are explained by. */
export interface Decided {
  readonly path: string
  readonly method: string
  readonly group: string
  readonly preflight: boolean
  /** Of enforced and of shadow rules. */
  readonly charged: readonly ChargedRule[]
}

/** A rule's decision, with the partition that was drawn on. */
interface ChargedRule extends RuleDecision {
  readonly partition: string
}

/** Each rule of a layer, with what became of it. */
export function explainLayer({ name, rules }: Layer, decided: Decided): LayerExplained {
  let applied = false
  const explained = rules.map((rule): RuleExplained => {
    const named = { name: rule.name, place: rule.place }
    if (applied) return { ...named, outcome: 'not-asked' }
    const found = misfits(rule, decided.path, decided.method, decided.group, decided.preflight)
    if (found.length > 0) return { ...named, outcome: 'misfit', misfits: found }
    const run = asItWasRun(rule, decided)
    applied = run.mode === 'enforce'
    return { ...named, outcome: applied ? 'applies' : 'shadow', ...explainRun(run, decided) }
  })
  return { name, rules: explained }
}

/** A rule in roll-out as it was for the request: one that applies has quotas, and so it was charged. */
function asItWasRun(rule: Rule, { charged }: Decided): Rule {
  if (rule.rollOut === undefined) return rule
  return charged.some((each) => isOf(rule, each)) ? rule : { ...rule.rollOut.shadow, rollOut: rule.rollOut }
}

function explainRun(rule: Rule, decided: Decided): ChargeExplained {
  const { rollOut, candidate } = rule
  return {
    ...explainCharge(rule, decided),
    ...(rollOut && { rolledOutTo: rollOut.share }),
    ...(candidate && { candidate: explainCharge(candidate, decided) }),
  }
}

/** Whatever is on trial has the name of its rule, in another mode. */
function isOf({ name, mode }: Rule, { rule }: RuleDecision): boolean {
  return rule.name === name && rule.mode === mode
}

function explainCharge(rule: Rule, { charged }: Decided): ChargeExplained {
  const { zone, cost, mode } = rule
  const found = charged.find((each) => isOf(rule, each))
  if (found === undefined) return { zone: zone.name, cost, mode, decision: 'uncounted', quotas: [] }
  const { decision, partition } = found
  return {
    partition: shownPartition(partition),
    zone: zone.name,
    cost,
    mode,
    decision: decision.kind,
    ...outcomeOf(rule, decision),
  }
}

function outcomeOf(rule: Rule, decision: Decision): Pick<ChargeExplained, 'quotas'> & Partial<ChargeExplained> {
  switch (decision.kind) {
    case 'unknown':
      return { fault: decision.cause.code, quotas: [] }
    case 'denied':
      return {
        retryAfter: decision.retryAfter,
        ...(rule.block && { startsBlock: rule.block }),
        quotas: quotasOf(rule, decision),
      }
    case 'blocked':
      return { retryAfter: decision.retryAfter, quotas: quotasOf(rule, decision) }
    case 'allowed':
    case 'impossible':
      return { quotas: quotasOf(rule, decision) }
  }
}

function quotasOf({ quotaNames }: Rule, decision: Exclude<Decision, { kind: 'unknown' }>): readonly QuotaExplained[] {
  return decision.quotas.map(({ quota, remaining, resetAfter, retryAfter }, i) => ({
    name: quotaNames[i] ?? '',
    quota,
    remaining,
    resetAfter,
    ...(retryAfter !== Number.POSITIVE_INFINITY && { retryAfter }),
  }))
}
