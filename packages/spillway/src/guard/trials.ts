import { after, isPromise } from '../core/awaitable.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable } from '../core/units.js'
import type { RuleLookup } from '../policy/lookup.js'
import type { Policy, Rule } from '../policy/policy.js'
import { isInRollOut } from '../policy/roll-out.js'
import { storeError } from '../store/failure.js'
import type { Store } from '../store/store.js'
import type { Allow, Deny, RuleDecision, Undecided } from '../verdict.js'
import type { Asking, RuleCharge } from './charges.js'
import { chargeOn, chargesOn, shadowRulesOf } from './charges.js'

/** What is decided beside a verdict, and has no say in it. */
export interface Trials {
  /** Whether it goes by the rules that apply, those without quotas too. */
  readonly readsRules: boolean
  /** Decides on each by itself, so that none has a say in another. Whatever fails is an `unknown` decision. */
  decide(request: TrialRequest): Awaitable<readonly TrialDecision[]>
}

/** What trials are told of a request. */
export interface TrialRequest {
  readonly store: Store
  readonly lookups: readonly RuleLookup[]
  readonly asked: Asking
  /** The rules that apply, as they are for the request. */
  readonly applied: readonly Rule[]
  readonly verdict: Allow | Deny | Undecided
  /** Gives a rule as it is for the request. */
  readonly variantOf: (rule: Rule) => Awaitable<Rule>
}

/** What the charge of a rule on trial came to. */
export interface TrialDecision extends RuleDecision {
  /** Absent where a function of the application failed before there was one. */
  readonly charge?: RuleCharge
}

/** What a policy has on trial; absent where that is nothing. */
export function trialsOf({ layers }: Policy): Trials | undefined {
  const rules = layers.flatMap((layer) => layer.rules)
  const hasShadows = rules.some((rule) => rule.mode === 'shadow' || isInRollOut(rule))
  const hasCandidates = rules.some(({ candidate }) => candidate !== undefined)
  if (!hasShadows && !hasCandidates) return undefined
  return {
    readsRules: hasCandidates,
    decide: (request) =>
      joined([
        ...(hasShadows && admits(request.verdict) ? decideShadows(request) : []),
        ...(hasCandidates ? decideCandidates(request) : []),
      ]),
  }
}

/** The decision on one trial, or none where it does not count. */
type Decided = readonly TrialDecision[]

function joined(answers: readonly Awaitable<Decided>[]): Awaitable<Decided> {
  return answers.some(isPromise) ? Promise.all(answers).then((lists) => lists.flat()) : (answers as Decided[]).flat()
}

/** A request that is refused would come to no rule in shadow, were they in force. */
function decideShadows({ store, lookups, asked, variantOf }: TrialRequest): Awaitable<Decided>[] {
  return shadowRulesOf(lookups, asked).map((rule) =>
    unknownWhereItFails(rule, () =>
      after(variantOf(rule), (variant) => charged(chargesOn([variant], asked), (charges) => store.decide(charges))),
    ),
  )
}

/**
 * A candidate counts as it would in place of its rule's quotas: a request that these refuse too, one that the rule of
 * another layer refuses not. Where units count by the response and there will be none, it is asked and nothing is taken.
 */
function decideCandidates({ store, asked, applied, verdict }: TrialRequest): Awaitable<Decided>[] {
  return applied.flatMap((rule) => {
    const { candidate, cost } = rule
    if (candidate === undefined || refusedByOthers(verdict, rule)) return []
    const peeks = candidate.charge !== undefined && !admits(verdict)
    const decided = unknownWhereItFails(candidate, () =>
      charged([chargeOn(candidate, asked, cost)], (charges) => (peeks ? store.peek(charges) : store.decide(charges))),
    )
    return [decided]
  })
}

function admits(verdict: TrialRequest['verdict']): boolean {
  return verdict.kind === 'allow' || (verdict.kind === 'undecided' && verdict.onStoreFailure === 'allow')
}

function refusedByOthers({ decisions }: TrialRequest['verdict'], own: Rule): boolean {
  return decisions.some(({ rule, decision }) => {
    if (rule === own || decision.kind === 'allowed') return false
    return decision.kind !== 'unknown' || rule.onStoreFailure === 'deny'
  })
}

/** Whatever fails, the store or a function of the application, fails no request. */
function unknownWhereItFails(rule: Rule, decide: () => Awaitable<Decided>): Awaitable<Decided> {
  const failed = (error: unknown): Decided => [{ rule, decision: { kind: 'unknown', cause: storeError(error) } }]
  try {
    const answer = decide()
    return isPromise(answer) ? answer.then(undefined, failed) : answer
  } catch (error) {
    return failed(error)
  }
}

function charged(
  charges: readonly RuleCharge[],
  put: (charges: readonly RuleCharge[]) => Awaitable<readonly Decision[]>,
): Awaitable<Decided> {
  if (charges.length === 0) return []
  return after(put(charges), (decisions: readonly Decision[]) =>
    charges.map((charge, i) => ({ rule: charge.rule, charge, decision: decisions[i] as Decision })),
  )
}
