import { describe, expect, it } from 'vitest'
import type { Charge, FailurePolicy } from '../core/charge.js'
import { StoreError } from '../core/decision.js'
import { quota } from '../core/quota-parser.js'
import { compileZone } from '../core/zone.js'
import { fakeClock } from '../testing/fake-clock.js'
import { localFallback, strictest } from './local-fallback.js'
import { memoryStore } from './memory/memory.js'
import type { Store } from './store.js'

const { zone, bound } = compileZone('towns', [[quota('1/minute')]])

function charge(onStoreFailure: FailurePolicy): Charge {
  return { zone, partition: 'alice', quotas: bound[0] ?? [], cost: 1, block: undefined, onStoreFailure }
}

const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
const fail = () => {
  throw cause
}
const reject = () => Promise.reject(cause)

/** A store that does in every method what `failing` does. */
function broken(failing: () => never | Promise<never>): Store {
  return { decide: failing, peek: failing, refund: failing, block: failing, unblock: failing, reset: failing }
}

describe.each([
  ['throws', fail],
  ['rejects', reject],
])('localFallback of a store that %s', (_, failing) => {
  const clock = fakeClock()
  const local = () => memoryStore({ clock })

  it('counts in this process under local', async () => {
    const store = localFallback(broken(failing), local)
    expect(await store.decide([charge('local')])).toMatchObject([{ kind: 'allowed', remaining: 0 }])
    expect(await store.peek([charge('local')])).toMatchObject([{ kind: 'denied' }])
    expect(await store.decide([charge('local')])).toMatchObject([{ kind: 'denied' }])
  })

  it.each<FailurePolicy>(['allow', 'deny'])('knows nothing under %s', async (policy) => {
    const store = localFallback(broken(failing), local)
    const unknown = { kind: 'unknown', cause }
    expect(await store.decide([charge(policy), charge('allow')])).toEqual([unknown, unknown])
    expect(await store.peek([charge(policy)])).toEqual([unknown])
  })

  it('fails with the store where a partition is managed', async () => {
    const store = localFallback(broken(failing), local)
    await expect(async () => store.refund([])).rejects.toBe(cause)
    await expect(async () => store.block(zone, 'alice', 1)).rejects.toBe(cause)
    await expect(async () => store.unblock(zone, 'alice')).rejects.toBe(cause)
    await expect(async () => store.reset(zone, 'alice')).rejects.toBe(cause)
  })
})

describe('localFallback', () => {
  it('hands on what a healthy store says, without a promise where there is none', () => {
    const store = localFallback(memoryStore({ clock: fakeClock() }))
    expect(store.decide([charge('deny')])).toMatchObject([{ kind: 'allowed' }])
    expect(store.decide([charge('deny')])).toMatchObject([{ kind: 'denied' }])
  })

  it('wraps what is thrown by accident in a StoreError', async () => {
    const accident = new TypeError('oops')
    const store = localFallback(broken(() => Promise.reject(accident)))
    const [decision] = await store.decide([charge('deny')])
    expect(decision).toMatchObject({ kind: 'unknown', cause: { code: 'ERR_SPILLWAY_STORE_FAILED', cause: accident } })
  })
})

it('deny beats local beats allow', () => {
  expect(strictest([charge('allow'), charge('local'), charge('deny')])).toBe('deny')
  expect(strictest([charge('allow'), charge('local')])).toBe('local')
  expect(strictest([charge('allow')])).toBe('allow')
})
