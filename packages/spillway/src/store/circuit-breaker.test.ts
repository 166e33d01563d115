import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StoreError } from '../core/decision.js'
import { quota } from '../core/quota-parser.js'
import { MILLISECOND } from '../core/units.js'
import { fakeClock } from '../testing/fake-clock.js'
import { plainCalls } from '../testing/plain-calls.js'
import { plainStore } from '../testing/plain-store.js'
import { chargeOf, ruleOf } from '../testing/program.js'
import type { StoreCall, StoreEvent } from './calls.js'
import { circuitBreaker } from './circuit-breaker.js'
import { faultyCalls } from './faulty-calls.fixture.js'

const calls: StoreCall[] = [{ kind: 'peek', charges: [chargeOf(ruleOf('towns', [quota('2/minute')]), 'user:alice')] }]
const down = new StoreError('ERR_SPILLWAY_STORE_TIMEOUT', 'no answer')
const unavailable = { code: 'ERR_SPILLWAY_STORE_UNAVAILABLE' }

function scene() {
  const inner = faultyCalls(plainCalls(plainStore(fakeClock())))
  const events: StoreEvent[] = []
  const clock = { now: () => performance.now() * 1000 }
  const breaker = circuitBreaker(inner, { onEvent: (event) => events.push(event), clock })
  const ask = () =>
    breaker.answer(calls).then(
      () => 'answered',
      (error: StoreError) => error.code,
    )
  const askTimes = async (times: number) => {
    for (let n = 0; n < times; n++) await ask()
  }
  return { inner, events, breaker, ask, askTimes }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('circuitBreaker', () => {
  it('hands on what a healthy store says', async () => {
    const { breaker, events } = scene()
    expect(await breaker.answer(calls)).toMatchObject([[{ kind: 'allowed', remaining: 2 }]])
    expect(await breaker.beat()).toBe(1)
    expect([breaker.available(), events]).toEqual([true, []])
  })

  it('opens after three failures in a row, with one event, and then sends no call', async () => {
    const { inner, breaker, events, ask, askTimes } = scene()
    inner.fail(down)
    await askTimes(2)
    expect([breaker.available(), events]).toEqual([true, []])
    await askTimes(1)
    expect(events).toEqual([{ kind: 'unavailable', cause: down }])

    expect([await ask(), await ask()]).toEqual([unavailable.code, unavailable.code])
    await expect(breaker.beat()).rejects.toMatchObject({ ...unavailable, cause: down })
    expect([inner.batches.length, inner.beats(), breaker.available()]).toEqual([3, 0, false])
  })

  it('begins to count anew after each success', async () => {
    const { inner, breaker, askTimes } = scene()
    for (let round = 0; round < 5; round++) {
      inner.fail(down)
      await askTimes(2)
      inner.work()
      await askTimes(1)
    }
    expect(breaker.available()).toBe(true)
  })

  it('counts a failed beat as it counts a batch', async () => {
    const { inner, breaker } = scene()
    inner.fail(down)
    for (let n = 0; n < 3; n++) await breaker.beat().catch(() => undefined)
    expect(breaker.available()).toBe(false)
  })

  it('probes after 50 ms, then after twice as long each time, at most 250 ms', async () => {
    const { inner, askTimes } = scene()
    inner.fail(down)
    await askTimes(3)
    const moments: number[] = []
    for (let ms = 1; ms <= 1000; ms++) {
      const before = inner.beats()
      await vi.advanceTimersByTimeAsync(1)
      if (inner.beats() > before) moments.push(ms)
    }
    expect(moments).toEqual([50, 150, 350, 600, 850])
  })

  it('has one probe in flight at a time, however long it takes', async () => {
    const { inner, breaker, askTimes } = scene()
    inner.fail(down)
    await askTimes(3)
    inner.hang()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(inner.beats()).toBe(1)
    inner.rejectHanging(down)
    await vi.advanceTimersByTimeAsync(100)
    expect([inner.beats(), breaker.available()]).toEqual([2, false])
  })

  it('sends calls again once a probe succeeds, with one event that says how long it took', async () => {
    const { inner, breaker, events, ask, askTimes } = scene()
    inner.fail(down)
    await askTimes(3)
    await vi.advanceTimersByTimeAsync(100)
    inner.work()
    expect(await ask()).toBe(unavailable.code)
    await vi.advanceTimersByTimeAsync(50)
    expect(events.slice(1)).toEqual([{ kind: 'available', after: 150 * MILLISECOND }])
    expect([await ask(), breaker.available(), vi.getTimerCount()]).toEqual(['answered', true, 0])

    inner.fail(down)
    await askTimes(3)
    expect(events.map(({ kind }) => kind)).toEqual(['unavailable', 'available', 'unavailable'])
  })

  it('tells the last fault, a probe’s too', async () => {
    const { inner, breaker, askTimes } = scene()
    inner.fail(down)
    await askTimes(3)
    const loading = new StoreError('ERR_SPILLWAY_STORE_LOADING', 'loading')
    inner.fail(loading)
    await vi.advanceTimersByTimeAsync(50)
    await expect(breaker.answer(calls)).rejects.toMatchObject({ ...unavailable, cause: loading })
  })

  it('says nothing twice when many batches in flight fail at once', async () => {
    const { inner, breaker, events } = scene()
    inner.hang()
    const flight = Array.from({ length: 20 }, () => breaker.answer(calls))
    inner.rejectHanging(down)
    await Promise.allSettled(flight)
    expect(events).toEqual([{ kind: 'unavailable', cause: down }])
  })

  it('does not hold against a store that is back what was sent before', async () => {
    const { inner, breaker, events, askTimes } = scene()
    inner.hang()
    const flight = Array.from({ length: 5 }, () => breaker.answer(calls))
    inner.fail(down)
    await askTimes(3)
    inner.work()
    await vi.advanceTimersByTimeAsync(50)
    inner.rejectHanging(down)
    await Promise.allSettled(flight)
    expect(events.map(({ kind }) => kind)).toEqual(['unavailable', 'available'])
  })

  it.each(['READONLY', 'OOM', 'LOADING', 'CLUSTERDOWN'])(
    'takes %s on every call of a batch for a failure',
    async (code) => {
      const { inner, breaker, askTimes } = scene()
      inner.refuseEach(new StoreError(`ERR_SPILLWAY_STORE_${code}`, code))
      await askTimes(3)
      expect(breaker.available()).toBe(false)
    },
  )

  it('takes the refusal of a call, such as a wrong type, for an answer', async () => {
    const { inner, breaker, askTimes } = scene()
    inner.refuseEach(new StoreError('ERR_SPILLWAY_STORE_WRONGTYPE', 'not a record'))
    await askTimes(9)
    expect(breaker.available()).toBe(true)
  })

  it('probes no more once it is closed, also where a probe was in flight', async () => {
    const { inner, breaker, askTimes } = scene()
    inner.fail(down)
    await askTimes(3)
    breaker.close()
    expect(vi.getTimerCount()).toBe(0)

    const other = scene()
    other.inner.fail(down)
    await other.askTimes(3)
    other.inner.hang()
    await vi.advanceTimersByTimeAsync(50)
    other.breaker.close()
    other.inner.rejectHanging(down)
    await vi.advanceTimersByTimeAsync(5000)
    expect([inner.beats(), other.inner.beats()]).toEqual([0, 1])
  })
})
