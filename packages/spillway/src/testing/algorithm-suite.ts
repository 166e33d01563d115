import fixedWindow from '../../../../spec/vectors/fixed-window.json' with { type: 'json' }
import slidingWindow from '../../../../spec/vectors/sliding-window.json' with { type: 'json' }
import tokenBucket from '../../../../spec/vectors/token-bucket.json' with { type: 'json' }
import type { Decision } from '../core/decision.js'
import type { QuotaOptions } from '../core/make-quota.js'
import { makeQuota } from '../core/make-quota.js'
import type { Micros, Units } from '../core/units.js'
import type { Store } from '../store/store.js'
import { fakeClock } from './fake-clock.js'
import { chargeOf, ruleOf } from './program.js'
import { describe, expect, it } from './runner.js'
import type { MakeStore } from './store-scene.js'

/** An example of `spec/vectors`: what a quota answers to a sequence of calls on one partition. */
interface Vector {
  readonly name: string
  readonly quota: QuotaOptions
  /** When `at: 0` is, in microseconds since the epoch. */
  readonly start?: Micros
  readonly steps: readonly Step[]
}

/** One call, `at` microseconds from the start. `of` names, by its place, the charge that a refund undoes. */
interface Step {
  readonly at: Micros
  readonly charge?: Units
  readonly peek?: Units
  readonly refund?: Units
  readonly of?: number
  readonly expect?: Readonly<Record<string, unknown>>
}

const PARTITION = 'user:alice'

/** Proves that a store decides by the algorithms of `spec/algorithms.md`, on the examples of `spec/vectors`. Needs vitest. */
export function algorithmSuite(name: string, makeStore: MakeStore): void {
  const files = [slidingWindow, fixedWindow, tokenBucket] as unknown as { algorithm: string; vectors: Vector[] }[]
  for (const { algorithm, vectors } of files) {
    describe(`${name}: ${algorithm}`, () => {
      for (const vector of vectors) it(vector.name, () => replay(vector, makeStore))
    })
  }
}

async function replay(vector: Vector, makeStore: MakeStore): Promise<void> {
  const clock = fakeClock()
  const start = vector.start ?? clock.now()
  const store = await makeStore(clock)
  const rule = ruleOf('vector', [makeQuota(vector.quota)])
  const decisions: (Decision | undefined)[] = []

  for (const step of vector.steps) {
    clock.set(start + step.at)
    const decision = await call(store, rule, step, decisions)
    decisions.push(decision)
    if (step.expect) expect(decision, `step ${decisions.length} of ${vector.name}`).toMatchObject(step.expect)
  }
}

async function call(
  store: Store,
  rule: ReturnType<typeof ruleOf>,
  { charge, peek, refund, of }: Step,
  decisions: readonly (Decision | undefined)[],
): Promise<Decision | undefined> {
  if (charge !== undefined) return (await store.decide([chargeOf(rule, PARTITION, charge)]))[0]
  if (peek !== undefined) return (await store.peek([chargeOf(rule, PARTITION, peek)]))[0]

  const decision = of === undefined ? undefined : decisions[of]
  const units = { zone: rule.zone, partition: PARTITION, cost: refund ?? 1 }
  await store.refund([decision ? { ...units, decision } : units])
  return undefined
}
