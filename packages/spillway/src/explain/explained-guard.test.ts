import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { request } from '../../test/verdicts.js'
import type { Charge } from '../core/charge.js'
import { answerOf } from '../http/answer.js'
import { parsePolicy } from '../policy/parse-policy.js'
import type { Policy } from '../policy/policy.js'
import { PolicyError } from '../policy/policy-error.js'
import type { RuleInput } from '../policy/policy-input.js'
import { re2 } from '../policy/regex.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'
import { fakeClock } from '../testing/fake-clock.js'
import type { Verdict } from '../verdict.js'
import { explainedGuard } from './explained-guard.js'
import { shownPartition } from './privacy.js'

const plainRule = fc.record(
  {
    path: fc.constantFrom('/a', '/a/:x', '/:x', '/**', '/a/**', '/a/b'),
    group: fc.constantFrom('default', 'admin', ['admin', 'staff']),
    method: fc.constantFrom('GET', 'OPTIONS', ['POST', 'GET']),
    quotas: fc.constantFrom('unlimited', '2/minute', ['3/minute', '5/hour']),
    partition: fc.constantFrom('user', 'everyone', 'ip', 'network', ['path', 'method'], 'header:x-tenant', 'group'),
    block: fc.constantFrom('10s', '5m'),
  },
  { requiredKeys: ['path', 'quotas'] },
)

const candidate = '1/minute'
const trial = fc.constantFrom(
  {},
  {},
  { mode: 'shadow' },
  { candidate },
  { enforce: '60%' },
  { enforce: '60%', candidate },
)

/** What is unlimited cannot be in roll-out. */
const rule = fc
  .tuple(plainRule, trial)
  .map(([plain, more]) => ({ ...plain, ...(plain.quotas === 'unlimited' && 'enforce' in more ? {} : more) }))

const asked = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS'),
  target: fc.constantFrom('/', '/a', '/A/', '/a/b', '/b/a?x=1', '/a/b/c', '*', '/%zz'),
  headers: fc.record(
    {
      'x-api-key': fc.constantFrom('k-1', 'k-2', 'none'),
      'x-tenant': fc.constantFrom('one', 'two'),
      'access-control-request-method': fc.constant('GET'),
    },
    { requiredKeys: [] },
  ),
})

/** Rules that can never match are a fault of the file: such a list is not tried. */
function policyOf(layers: readonly (readonly object[])[]): Policy | undefined {
  const named = layers.map((rules, layer) => ({
    rules: rules.map((each, i) => ({ name: `r-${layer}-${i}`, ...each }) as RuleInput),
  }))
  try {
    return parsePolicy(
      {
        layers: named,
        identity: [{ header: { name: 'x-api-key', groups: { 'k-1': 'admin', 'k-2': 'user' } } }, { ip: {} }],
      },
      { regex: re2 },
    )
  } catch (error) {
    if (error instanceof PolicyError) return undefined
    throw error
  }
}

/** A store that remembers on which partitions of which zones it was charged. */
function remembering(store: Store): { store: Store; charged: (readonly [string, string])[] } {
  const charged: (readonly [string, string])[] = []
  const decide = (charges: readonly Charge[]) => {
    for (const { zone, partition } of charges) charged.push([zone.name, shownPartition(partition)])
    return store.decide(charges)
  }
  return { store: { ...store, decide }, charged }
}

describe('an explained guard', () => {
  it('explains by the very rules, partitions and decisions that its verdict came of, whatever the policy', () => {
    let decided = 0
    fc.assert(
      fc.property(
        fc.array(fc.array(rule, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
        fc.array(asked, { minLength: 1, maxLength: 12 }),
        (layers, requests) => {
          const policy = policyOf(layers)
          if (policy === undefined) return
          const { store, charged } = remembering(memoryStore({ clock: fakeClock() }))
          const { guard, explain } = explainedGuard(policy, { store })
          for (const { method, target, headers } of requests) {
            const described = request(method, target, headers as Record<string, string>)
            charged.length = 0
            const verdict = guard.decide(described) as Verdict
            const explanation = explain(described, verdict, answerOf(verdict, described, guard.answering))
            expect(explanation.verdict.kind).toBe(verdict.kind)
            if (verdict.kind === 'malformed' || verdict.kind === 'unidentified') continue

            const told = explanation.layers.flatMap(({ rules }) => rules)
            const counted = told.flatMap((each) => ('decision' in each && each.decision !== 'uncounted' ? [each] : []))
            const inEach = (outcome: string) => counted.filter((each) => each.outcome === outcome)
            const candidates = told.flatMap((each) => {
              const tried = 'candidate' in each ? each.candidate : undefined
              return tried === undefined || tried.decision === 'uncounted' ? [] : [{ ...tried, name: each.name }]
            })
            const plain = (found: typeof verdict.decisions) =>
              found.map(({ rule: { name }, decision }) => [
                name,
                decision.kind,
                decision.kind === 'unknown' ? 0 : decision.quotas.length,
              ])
            const shown = (some: typeof candidates) =>
              some.map(({ name, decision, quotas }) => [name, decision, quotas.length])
            const onTrial = [...inEach('shadow'), ...candidates]
            expect(shown(inEach('applies'))).toEqual(plain(verdict.decisions))
            expect(shown(onTrial)).toEqual(plain(verdict.shadows))
            expect([...inEach('applies'), ...onTrial].map(({ zone, partition }) => [zone, partition])).toEqual(charged)
            decided += counted.length + candidates.length
          }
        },
      ),
      { numRuns: 600 },
    )
    expect(decided).toBeGreaterThan(500)
  })

  it('keeps nothing of a request but what is shown', () => {
    const policy = parsePolicy({ rules: [{ name: 'towns', path: '/towns', quotas: '1/minute' }] })
    const { guard, explain } = explainedGuard(policy, { store: memoryStore() })
    let reads = 0
    const described = {
      ...request(),
      header: (name: string) => {
        reads++
        return name === 'cookie' ? 'secret' : undefined
      },
    }
    const verdict = guard.decide(described) as Verdict
    const explanation = explain(described, verdict, answerOf(verdict, described, guard.answering))
    const before = reads
    expect(explanation.layers).toHaveLength(1)
    expect(reads).toBe(before)
  })
})
