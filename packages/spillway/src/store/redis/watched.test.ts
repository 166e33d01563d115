import { describe, expect, it } from 'vitest'
import { StoreError } from '../../core/decision.js'
import { quota } from '../../core/quota-parser.js'
import type { Micros } from '../../core/units.js'
import { fakeClock } from '../../testing/fake-clock.js'
import { plainCalls } from '../../testing/plain-calls.js'
import { plainStore } from '../../testing/plain-store.js'
import { chargeOf, ruleOf } from '../../testing/program.js'
import type { StoreCall } from '../calls.js'
import { faultyCalls } from '../faulty-calls.fixture.js'
import { watched } from './watched.js'

const call: StoreCall = { kind: 'decide', charges: [chargeOf(ruleOf('towns', [quota('2/minute')]), 'user:alice')] }

function scene() {
  const inner = faultyCalls(plainCalls(plainStore(fakeClock())))
  const times: Micros[] = []
  const failures: Record<string, number> = {}
  return { inner, times, failures, store: watched(inner, { onCall: (took) => times.push(took), failures }) }
}

describe('watched', () => {
  it('times each batch, whether it failed or not, and hands on what it said', async () => {
    const { inner, times, store } = scene()
    expect(await store.answer([call, call])).toMatchObject([[{ remaining: 1 }], [{ remaining: 0 }]])
    inner.slow(20)
    await store.answer([call])
    inner.work()
    inner.fail(new Error('reset'))
    await expect(store.answer([call])).rejects.toMatchObject({ code: 'ERR_SPILLWAY_STORE_FAILED' })
    expect(times).toHaveLength(3)
    expect(times[1]).toBeGreaterThan(15_000)
  })

  it('counts faults by their code: of a batch, of a beat, of one call', async () => {
    const { inner, failures, store } = scene()
    inner.fail(new StoreError('ERR_SPILLWAY_STORE_LOADING', 'loading'))
    await store.answer([call, call]).catch(() => undefined)
    await store.beat().catch(() => undefined)
    inner.work()
    inner.refuseEach(new StoreError('ERR_SPILLWAY_STORE_WRONGTYPE', 'not a record'))
    await store.answer([call, call])
    inner.work()
    await store.answer([call])
    expect(failures).toEqual({ ERR_SPILLWAY_STORE_LOADING: 2, ERR_SPILLWAY_STORE_WRONGTYPE: 2 })
  })
})
