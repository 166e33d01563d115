import { describe, expect, it } from 'vitest'
import { towns } from '../../test/guards.js'
import { request } from '../../test/verdicts.js'
import { StoreError } from '../core/decision.js'
import { createGuard } from '../guard.js'
import type { RuleInput } from '../policy/policy-input.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'

describe('a store that fails', () => {
  const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
  const down: Store = {
    ...memoryStore(),
    decide: () => Promise.reject(cause),
  }

  it('leaves the verdict to the strictest failure policy of the rules', async () => {
    const two = (one: RuleInput['onStoreFailure'], other: RuleInput['onStoreFailure']) =>
      createGuard({
        layers: [
          { rules: [{ ...towns, name: 'one', ...(one && { onStoreFailure: one }) }] },
          { rules: [{ ...towns, name: 'other', ...(other && { onStoreFailure: other }) }] },
        ],
        store: down,
      })
    const unknown = { decision: { kind: 'unknown', cause } }
    const decisions = [unknown, unknown]
    expect(await two('allow', 'deny').decide(request())).toMatchObject({
      kind: 'undecided',
      onStoreFailure: 'deny',
      decisions,
    })
    expect(await two('allow', 'allow').decide(request())).toMatchObject({
      kind: 'undecided',
      onStoreFailure: 'allow',
      decisions,
    })
    const local = two('allow', 'local')
    expect(await local.decide(request())).toMatchObject({
      kind: 'allow',
      decisions: [{ decision: { kind: 'allowed' } }, {}],
    })
    expect(await local.decide(request())).toMatchObject({ kind: 'deny' })
  })

  it('counts in this process unless the policy says otherwise', async () => {
    const guard = createGuard({ rules: [towns], store: down })
    expect(await guard.decide(request())).toMatchObject({ kind: 'allow' })
    expect(await guard.decide(request())).toMatchObject({ kind: 'deny' })
  })
})
