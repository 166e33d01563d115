import { isPromise } from '../core/awaitable.js'
import type { Charge } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable } from '../core/units.js'
import { storeError } from '../store/local-fallback.js'
import type { Store } from '../store/store.js'
import type { RuleDecision } from '../verdict.js'
import type { RuleCharge } from './charges.js'
import { decided } from './join.js'

/** Decides each shadow rule alone, so that none has a say in another. Whatever fails is an `unknown` decision. */
export function decideShadows(store: Store, charges: readonly RuleCharge[]): Awaitable<readonly RuleDecision[]> {
  const answers = charges.map((charge) => decideAlone(store, charge))
  return answers.some(isPromise)
    ? Promise.all(answers).then((decisions) => decided(charges, decisions))
    : decided(charges, answers as Decision[])
}

function decideAlone(store: Store, charge: Charge): Awaitable<Decision> {
  try {
    const answer = store.decide([charge])
    return isPromise(answer) ? answer.then(first, unknown) : first(answer)
  } catch (error) {
    return unknown(error)
  }
}

function first(decisions: readonly Decision[]): Decision {
  return decisions[0] as Decision
}

function unknown(error: unknown): Decision {
  return { kind: 'unknown', cause: storeError(error) }
}
