import { after, isPromise } from '../core/awaitable.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable } from '../core/units.js'
import type { Rule } from '../policy/policy.js'
import { storeError } from '../store/failure.js'
import type { Store } from '../store/store.js'
import type { RuleDecision } from '../verdict.js'
import type { Asking, RuleCharge } from './charges.js'
import { chargesOn } from './charges.js'

/** What a shadow rule's charge came to. */
export interface ShadowDecision extends RuleDecision {
  /** Absent where a function of the application failed before there was one. */
  readonly charge?: RuleCharge
}

/**
 * Decides each shadow rule alone, so that none has a say in another. Whatever fails is an `unknown` decision. `variantOf`
 * gives each rule as it is for the request.
 */
export function decideShadows(
  store: Store,
  rules: readonly Rule[],
  asked: Asking,
  variantOf: (rule: Rule) => Awaitable<Rule>,
): Awaitable<readonly ShadowDecision[]> {
  const answers = rules.map((rule) => decideAlone(store, rule, asked, variantOf))
  return answers.some(isPromise) ? Promise.all(answers).then((lists) => lists.flat()) : (answers as Settled[]).flat()
}

/** One, or none where the rule does not count. */
type Settled = readonly ShadowDecision[]

function decideAlone(
  store: Store,
  rule: Rule,
  asked: Asking,
  variantOf: (rule: Rule) => Awaitable<Rule>,
): Awaitable<Settled> {
  const failed = (error: unknown): Settled => [{ rule, decision: { kind: 'unknown', cause: storeError(error) } }]
  try {
    const answer = after(variantOf(rule), (variant) => charged(store, chargesOn([variant], asked)))
    return isPromise(answer) ? answer.then(undefined, failed) : answer
  } catch (error) {
    return failed(error)
  }
}

function charged(store: Store, charges: readonly RuleCharge[]): Awaitable<Settled> {
  if (charges.length === 0) return []
  return after(store.decide(charges), (decisions: readonly Decision[]) =>
    charges.map((charge, i) => ({ rule: charge.rule, charge, decision: decisions[i] as Decision })),
  )
}
