import { describe, expect, it } from 'vitest'
import { made } from '../../test/guards.js'
import { request } from '../../test/verdicts.js'
import { StoreError } from '../core/decision.js'
import { createGuard } from '../guard.js'
import type { RuleInput } from '../policy/policy-input.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'
import { fakeClock } from '../testing/fake-clock.js'
import type { Allow, Verdict } from '../verdict.js'

describe('shadow rules', () => {
  const rules: RuleInput[] = [
    { name: 'tried', path: '/towns', quotas: '1/hour', mode: 'shadow' },
    { name: 'towns', path: '/towns', quotas: '2/minute' },
  ]

  it('decide beside the enforced ones and have no say', () => {
    const { guard } = made({ rules })
    guard.decide(request())
    expect(guard.decide(request())).toMatchObject({
      kind: 'allow',
      decisions: [{ rule: { name: 'towns' } }],
      shadows: [{ rule: { name: 'tried' }, decision: { kind: 'denied' } }],
    })
  })

  it('are not asked about a request that is refused anyway', () => {
    const { guard } = made({ rules })
    for (let i = 0; i < 2; i++) guard.decide(request())
    expect(guard.decide(request())).toMatchObject({ kind: 'deny', shadows: [] })
  })

  it.each(['throws', 'rejects'])('cannot fail a request when the store %s over them', async (how) => {
    const memory = memoryStore({ clock: fakeClock() })
    const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
    const store: Store = {
      ...memory,
      decide(charges) {
        if (!charges[0]?.zone.name.includes('shadow')) return memory.decide(charges)
        if (how === 'rejects') return Promise.reject(cause)
        throw cause
      },
    }
    const tried = { ...rules[0], onStoreFailure: 'allow' } as RuleInput
    const guard = createGuard({ rules: [tried, rules[1] as RuleInput], store })
    expect(await guard.decide(request())).toMatchObject({
      kind: 'allow',
      decisions: [{ decision: { kind: 'allowed' } }],
      shadows: [{ decision: { kind: 'unknown', cause } }],
    })
  })
})

describe('a candidate', () => {
  const charge = { when: 'response', on: 401 } as const
  const tried = (verdict: unknown) => (verdict as Allow).shadows.map(({ rule, decision }) => [rule.mode, decision.kind])

  it('decides beside the quotas in force, on counts of its own', () => {
    const { guard } = made({ rules: [{ name: 'towns', path: '/towns', quotas: '2/minute', candidate: '1/minute' }] })
    guard.decide(request())
    expect(guard.decide(request())).toMatchObject({
      kind: 'allow',
      decisions: [{ rule: { name: 'towns', mode: 'enforce' }, decision: { kind: 'allowed', remaining: 0 } }],
      shadows: [{ rule: { name: 'towns', mode: 'candidate' }, decision: { kind: 'denied', limit: 1 } }],
    })
  })

  it('counts what the quotas in force refuse', () => {
    const { guard } = made({ rules: [{ path: '/towns', quotas: '1/minute', candidate: '2/minute' }] })
    const verdicts = [1, 2, 3].map(() => guard.decide(request()) as Verdict)
    expect(verdicts.map(({ kind }) => kind)).toEqual(['allow', 'deny', 'deny'])
    expect(verdicts.map(tried)).toEqual(['allowed', 'allowed', 'denied'].map((kind) => [['candidate', kind]]))
  })

  it('does not count what another layer refuses', () => {
    const { guard } = made({
      layers: [
        { name: 'client', rules: [{ path: '/**', quotas: '9/minute', candidate: '3/minute' }] },
        { name: 'api', rules: [{ path: '/towns', quotas: '1/minute' }] },
      ],
    })
    expect([1, 2, 3].map(() => tried(guard.decide(request())))).toEqual([[['candidate', 'allowed']], [], []])
    expect([1, 2, 3].map(() => tried(guard.decide(request('GET', '/'))))).toEqual(
      ['allowed', 'allowed', 'denied'].map((kind) => [['candidate', kind]]),
    )
  })

  it('is how a first limit is tried on what is unlimited', () => {
    const { guard } = made({ rules: [{ name: 'towns', path: '/**', quotas: 'unlimited', candidate: '1/minute' }] })
    guard.decide(request())
    expect(guard.decide(request())).toMatchObject({
      kind: 'allow',
      decisions: [],
      shadows: [{ rule: { name: 'towns' }, decision: { kind: 'denied' } }],
    })
  })

  it('takes the cost that a function says, which is asked once, and quotas that no function says', () => {
    let calls = 0
    const costs = {
      towns() {
        calls++
        return 2
      },
    }
    const rules: RuleInput[] = [{ name: 'towns', path: '/**', quotas: '1/day', candidate: '5/minute' }]
    const { guard } = made({ rules }, { costs, limits: { towns: () => '9/minute' } })
    const verdicts = [1, 2, 3].map(() => guard.decide(request()) as Verdict)
    expect(verdicts.map(tried)).toEqual(['allowed', 'allowed', 'denied'].map((kind) => [['candidate', kind]]))
    expect(verdicts.map(({ kind }) => kind)).toEqual(['allow', 'allow', 'allow'])
    expect(calls).toBe(3)
  })

  it('gets back what the response does not let count', () => {
    const { guard } = made({ rules: [{ path: '/**', quotas: '9/minute', candidate: '1/minute', charge }] })
    guard.settle(guard.decide(request()) as Verdict, 200)
    const second = guard.decide(request()) as Verdict
    expect(tried(second)).toEqual([['candidate', 'allowed']])
    guard.settle(second, 401)
    expect(tried(guard.decide(request()))).toEqual([['candidate', 'denied']])
  })

  it('takes nothing for a refused request where only a response would tell whether it counts', () => {
    const { guard } = made({ rules: [{ path: '/**', quotas: '1/minute', candidate: '2/minute', charge }] })
    guard.settle(guard.decide(request()) as Verdict, 401)
    const refused = [1, 2, 3].map(() => guard.decide(request()) as Verdict)
    expect(refused.map(({ kind }) => kind)).toEqual(['deny', 'deny', 'deny'])
    expect(refused.map(tried)).toEqual(new Array(3).fill([['candidate', 'allowed']]))
  })

  it('blocks nobody', () => {
    const block = { for: '1h', everywhere: true }
    const { clock, guard } = made({
      rules: [
        { path: '/towns', quotas: '9/second', candidate: '1/second', block },
        { path: '/**', quotas: '9/second' },
      ],
    })
    for (let i = 0; i < 2; i++) guard.decide(request())
    clock.advance('1m')
    const verdict = guard.decide(request())
    expect(verdict).toMatchObject({ kind: 'allow', shadows: [{ decision: { kind: 'blocked' } }] })
    expect(guard.decide(request('GET', '/'))).toMatchObject({ kind: 'allow' })
  })

  it('is unknown where the store fails over it, and the answer comes all the same', async () => {
    const memory = memoryStore({ clock: fakeClock() })
    const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
    const store: Store = {
      ...memory,
      decide: (charges) =>
        charges[0]?.zone.name.endsWith('*candidate') ? Promise.reject(cause) : memory.decide(charges),
    }
    const rule: RuleInput = { path: '/towns', quotas: '2/minute', candidate: '1/minute', onStoreFailure: 'allow' }
    expect(await createGuard({ rules: [rule], store }).decide(request())).toMatchObject({
      kind: 'allow',
      shadows: [{ decision: { kind: 'unknown', cause } }],
    })
  })
})

describe('a rule in roll-out', () => {
  it('takes cost and quotas of functions in either mode', () => {
    const rules: RuleInput[] = [{ name: 'towns', path: '/**', quotas: '1/day', enforce: '50%' }]
    const { guard } = made({ rules }, { costs: { towns: () => 2 }, limits: { towns: () => '5/minute' } })
    const decided = Array.from({ length: 40 }, (_, i) => {
      const verdict = guard.decide(request('GET', '/', {}, `192.0.2.${i}`)) as Allow
      return [...verdict.decisions, ...verdict.shadows].map(({ rule, decision }) => [
        rule.mode,
        'remaining' in decision && decision.remaining,
      ])
    })
    expect(new Set(decided.map((each) => JSON.stringify(each)))).toEqual(new Set(['[["enforce",3]]', '[["shadow",3]]']))
  })
})
