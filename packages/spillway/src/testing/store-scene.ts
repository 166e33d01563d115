import type { Block } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import { quotas } from '../core/quota-parser.js'
import type { Awaitable, Units } from '../core/units.js'
import type { Store } from '../store/store.js'
import type { FakeClock } from './fake-clock.js'
import { fakeClock } from './fake-clock.js'
import type { StoreRule } from './program.js'
import { chargeOf, ruleOf } from './program.js'
import { expect } from './runner.js'

/** Makes a fresh, empty store that goes by a clock. */
export type MakeStore = (clock: FakeClock) => Awaitable<Store>

/** What a store promises, as a sentence, and an example that would show it broken. */
export interface Promised {
  readonly sentence: string
  example(scene: Scene): Promise<void>
}

/** A fresh store, its clock, and short ways to say what an example needs. */
export interface Scene {
  readonly store: Store
  readonly clock: FakeClock
  /** A rule with a zone of its own, or of the name given. */
  rule(text: string, options?: { zone?: string; block?: Block }): StoreRule
  /** One charge by itself. */
  charge(rule: StoreRule, partition?: string, cost?: Units): Promise<Decision>
  /** Several charges at once, on the partition `user:alice`. */
  chargeAll(...rules: readonly StoreRule[]): Promise<readonly Decision[]>
  /** What is left for the partition under the rule. */
  remaining(rule: StoreRule, partition?: string): Promise<Units>
}

/** The partition of every example that does not name another. */
export const ALICE = 'user:alice'

/** A scene on a fresh store. */
export async function sceneWith(makeStore: MakeStore): Promise<Scene> {
  const clock = fakeClock()
  const store = await makeStore(clock)
  let zones = 0
  return {
    store,
    clock,
    rule: (text, { zone, block } = {}) => ruleOf(zone ?? `zone-${zones++}`, quotas(text), block),
    async charge(rule, partition = ALICE, cost = 1) {
      return (await store.decide([chargeOf(rule, partition, cost)]))[0] as Decision
    },
    chargeAll: async (...rules) => store.decide(rules.map((rule) => chargeOf(rule, ALICE))),
    async remaining(rule, partition = ALICE) {
      const [decision] = await store.peek([chargeOf(rule, partition)])
      if (decision === undefined || decision.kind === 'unknown') throw new Error('the store gave no figures')
      return decision.remaining
    },
  }
}

/** Fails unless the decision is of a kind, and of the fields given. */
export function expectDecision(decision: Decision | undefined, kind: Decision['kind'], fields: object = {}): void {
  expect(decision).toMatchObject({ kind, ...fields })
}
