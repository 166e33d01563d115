import { describe, expect, it } from 'vitest'
import { made } from '../../test/guards.js'
import { request } from '../../test/verdicts.js'
import { StoreError } from '../core/decision.js'
import { createGuard } from '../guard.js'
import type { RuleInput } from '../policy/policy-input.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'
import { fakeClock } from '../testing/fake-clock.js'

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
