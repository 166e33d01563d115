import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { quota } from '../core/quota-parser.js'
import { MILLISECOND } from '../core/units.js'
import { fakeClock } from '../testing/fake-clock.js'
import { plainCalls } from '../testing/plain-calls.js'
import { plainStore } from '../testing/plain-store.js'
import { chargeOf, ruleOf } from '../testing/program.js'
import type { StoreCall } from './calls.js'
import { deadline } from './deadline.js'
import { faultyCalls } from './faulty-calls.fixture.js'

const calls: StoreCall[] = [{ kind: 'decide', charges: [chargeOf(ruleOf('towns', [quota('2/minute')]), 'user:alice')] }]
const timeout = { name: 'StoreError', code: 'ERR_SPILLWAY_STORE_TIMEOUT' }

function scene() {
  const inner = faultyCalls(plainCalls(plainStore(fakeClock())))
  return { inner, store: deadline(inner, 50 * MILLISECOND) }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('deadline', () => {
  it('hands on what comes in time, and leaves no timer behind', async () => {
    const { store } = scene()
    expect(await store.answer(calls)).toMatchObject([[{ kind: 'allowed', remaining: 1 }]])
    expect(await store.beat()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects what hangs, once the limit has passed and no sooner', async () => {
    const { inner, store } = scene()
    inner.hang()
    const outcomes: unknown[] = []
    store.answer(calls).catch((error) => outcomes.push(error))
    store.beat().catch((error) => outcomes.push(error))

    await vi.advanceTimersByTimeAsync(49)
    expect(outcomes).toEqual([])
    await vi.advanceTimersByTimeAsync(2)
    expect(outcomes).toMatchObject([timeout, timeout])
    expect(outcomes).toMatchObject([{ message: 'the store did not answer within 50 milliseconds' }, {}])
  })

  it('hands on a failure as it is, and leaves no timer behind', async () => {
    const { inner, store } = scene()
    const error = new Error('ECONNRESET')
    inner.fail(error)
    await expect(store.answer(calls)).rejects.toBe(error)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('takes a reply that had arrived while this process paused', async () => {
    vi.useRealTimers()
    // Resolves where a socket would be read: after the timers, before `setImmediate`.
    const readLater = {
      answer: () => new Promise<[]>((resolve) => setTimeout(() => resolve([]), 1)),
      beat: () => Promise.resolve(1),
    }
    const store = deadline(readLater, MILLISECOND)
    const answer = store.answer([])
    const resumeAt = performance.now() + 20
    while (performance.now() < resumeAt);
    expect(await answer).toEqual([])
  })

  it('ignores what comes late, be it a rejection', async () => {
    const { inner, store } = scene()
    inner.hang()
    const late = expect(store.answer(calls)).rejects.toMatchObject(timeout)
    await vi.advanceTimersByTimeAsync(60)
    await late
    // Vitest fails the run for a rejection that nobody handles.
    inner.rejectHanging(new Error('reset'))
    await vi.advanceTimersByTimeAsync(60)
  })
})
