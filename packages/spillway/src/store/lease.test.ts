import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Charge } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import { StoreError } from '../core/decision.js'
import { quota, quotas } from '../core/quota-parser.js'
import type { Micros } from '../core/units.js'
import { MILLISECOND, MINUTE, SECOND } from '../core/units.js'
import { compileZone } from '../core/zone.js'
import { fakeClock } from '../testing/fake-clock.js'
import { plainStore } from '../testing/plain-store.js'
import { chargeOf, ruleOf } from '../testing/program.js'
import { noDecisions } from './calls.js'
import { lease } from './lease.js'
import { watchedStore } from './watched-store.fixture.js'

const ALICE = 'user:alice'

function scene(text = '100/minute', size = 10) {
  const clock = fakeClock()
  const plain = plainStore(clock)
  const inner = watchedStore(plain)
  const sources = noDecisions()
  const store = lease(inner, { clock, sources })
  const rule = ruleOf('towns', quotas(text))
  const leased = (cost = 1): Charge => ({ ...chargeOf(rule, ALICE, cost), lease: { size, for: SECOND } })
  const ask = async (cost = 1) => (await store.decide([leased(cost)]))[0] as Decision
  const askTimes = async (times: number) => {
    for (let n = 0; n < times; n++) await ask()
  }
  const pass = async (span: Micros) => {
    clock.advance(span)
    await vi.advanceTimersByTimeAsync(span / MILLISECOND)
  }
  const left = async () => ((await plain.peek([chargeOf(rule, ALICE)]))[0] as { remaining: number }).remaining
  return { plain, inner, sources, store, rule, leased, ask, askTimes, pass, left }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('lease', () => {
  it('puts the first charge to the store, takes units at the second, and hands out the rest without a call', async () => {
    const { inner, sources, askTimes, left } = scene()
    await askTimes(11)
    expect(inner.decided.map(([charge]) => [charge?.cost, charge?.heldFor])).toEqual([
      [1, undefined],
      [10, SECOND],
    ])
    expect(sources.lease).toBe(10)
    expect(await left()).toBe(89)
    await askTimes(1)
    expect(inner.decided).toHaveLength(3)
  })

  it('leaves alone what is asked for less often than once in the time of a lease, and rules without one', async () => {
    const { inner, store, rule, ask, pass } = scene()
    for (let n = 0; n < 3; n++) {
      await ask()
      await pass(SECOND)
    }
    for (let n = 0; n < 3; n++) await store.decide([chargeOf(rule, 'user:bob')])
    expect(inner.decided.map(([charge]) => charge?.cost)).toEqual([1, 1, 1, 1, 1, 1])
  })

  it('tells what remains as the store would, when nobody else takes any', async () => {
    const { ask, pass } = scene()
    const told = [await ask(), await ask(), await ask()]
    expect(told).toMatchObject([{ remaining: 99 }, { remaining: 98 }, { remaining: 97 }])
    await pass(500 * MILLISECOND)
    expect(await ask()).toMatchObject({
      kind: 'allowed',
      limit: 100,
      remaining: 96,
      resetAfter: MINUTE - 500 * MILLISECOND,
      taken: 1,
    })
  })

  it('hands out nothing once the lease is over, and gives back what is left', async () => {
    const { inner, ask, askTimes, pass, left } = scene()
    await askTimes(4)
    await pass(SECOND)
    expect(inner.refunded).toMatchObject([{ cost: 7, heldFor: SECOND }])
    expect(await left()).toBe(96)
    await ask()
    expect(inner.decided.at(-1)).toMatchObject([{ cost: 1 }])
  })

  it('gives back on close, and takes no more', async () => {
    const { inner, store, askTimes, left } = scene()
    await askTimes(4)
    await store.close()
    expect(await left()).toBe(96)
    await askTimes(3)
    expect(inner.decided.slice(2).map(([charge]) => charge?.cost)).toEqual([1, 1, 1])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives back on close what is left of a lease while units of another are in flight, and refused', async () => {
    const { store, ask, askTimes, left } = scene('15/minute')
    await askTimes(9)
    expect(await left()).toBe(4)
    const asked = ask(5)
    await store.close()
    expect(await asked).toMatchObject({ kind: 'denied' })
    expect(await left()).toBe(6)
  })

  it('is taken by a changed policy too, once the one before it has not asked for as long as a lease', async () => {
    const { inner, store, askTimes, pass, leased } = scene()
    await askTimes(3)
    const { zone, bound } = compileZone('towns', [quotas('200/minute')])
    const changed: Charge = { ...leased(), zone, quotas: bound[0] ?? [] }
    await store.decide([changed])
    await pass(2 * SECOND)
    for (let n = 0; n < 3; n++) await store.decide([changed])
    expect(inner.decided.map(([charge]) => charge?.cost)).toEqual([1, 10, 1, 1, 10])
  })

  it('asks for the charge itself where so many units do not fit, and not for a lease again at once', async () => {
    const { inner, ask, askTimes } = scene('8/minute')
    await askTimes(8)
    expect(await ask()).toMatchObject({ kind: 'denied' })
    expect(inner.decided.map(([charge]) => charge?.cost)).toEqual([1, 10, 1, 1, 1, 1, 1, 1, 1, 1])
  })

  it('takes units once for all that ask at the same time; those beyond its size ask for themselves', async () => {
    const { inner, ask } = scene()
    await ask()
    const decisions = await Promise.all(Array.from({ length: 12 }, () => ask()))
    expect(decisions.every(({ kind }) => kind === 'allowed')).toBe(true)
    expect(inner.decided.map(([charge]) => charge?.cost)).toEqual([1, 10, 1, 1])
  })

  it('fails with the store, and asks nobody twice', async () => {
    const { inner, ask } = scene()
    const fault = new StoreError('ERR_SPILLWAY_TEST', 'down')
    await ask()
    inner.fail(fault)
    const outcomes = await Promise.allSettled([ask(), ask()])
    expect(outcomes).toMatchObject([{ reason: fault }, { reason: fault }])
    expect(inner.decided).toHaveLength(2)
    inner.fail(undefined)
    expect(await ask()).toMatchObject({ kind: 'allowed' })
  })

  it('lets units go that cannot be given back', async () => {
    const { inner, ask, askTimes, pass, left } = scene()
    await askTimes(2)
    inner.fail(new StoreError('ERR_SPILLWAY_TEST', 'down'))
    await pass(SECOND)
    inner.fail(undefined)
    expect(await left()).toBe(89)
    expect(await ask()).toMatchObject({ remaining: 88 })
  })
})

describe('lease: what else is done to a partition', () => {
  it('takes a refund back into the lease, never more than was taken, and hands it out again', async () => {
    const { inner, store, leased, ask, askTimes } = scene()
    await askTimes(10)
    const decision = await ask()
    for (let n = 0; n < 3; n++) await store.refund([{ ...leased(), decision }])
    expect(inner.refunded).toEqual([])
    await askTimes(1)
    expect(inner.decided).toHaveLength(2)
    await askTimes(1)
    expect(inner.decided).toHaveLength(3)
  })

  it('gives a refund to the store when the lease is over', async () => {
    const { store, leased, ask, askTimes, pass, left } = scene()
    await askTimes(10)
    const decision = await ask()
    await pass(SECOND)
    await store.refund([{ ...leased(), decision }])
    expect(await left()).toBe(90)
  })

  it('shows in a peek what it holds, and spends nothing', async () => {
    const { store, leased, askTimes } = scene()
    await askTimes(3)
    for (let n = 0; n < 2; n++) {
      expect(await store.peek([leased()])).toMatchObject([{ kind: 'allowed', remaining: 97, taken: 0 }])
    }
    expect(await store.peek([leased(9)])).toMatchObject([{ remaining: 89 }])
  })

  it('ends with a block and with a reset, also while its units are on their way', async () => {
    const { store, rule, ask, askTimes, left } = scene()
    await askTimes(4)
    await store.block(rule.zone, ALICE, MINUTE)
    expect(await ask()).toMatchObject({ kind: 'blocked' })
    await store.unblock(rule.zone, ALICE)
    expect(await left()).toBe(96)
    await askTimes(2)
    await store.reset(rule.zone, ALICE)
    expect(await left()).toBe(100)

    await ask()
    const asked = ask()
    await store.block(rule.zone, ALICE, MINUTE)
    await asked
    expect(await ask()).toMatchObject({ kind: 'blocked' })
  })

  it('makes no others be forgotten by being reset again and again', async () => {
    const { inner, rule, leased } = scene()
    const store = lease(inner, { clock: fakeClock(), maxPartitions: 3 })
    const bob = { ...leased(), partition: 'user:bob' }
    await store.decide([bob])
    for (let n = 0; n < 3; n++) {
      for (let m = 0; m < 2; m++) await store.decide([leased()])
      await store.reset(rule.zone, ALICE)
    }
    await store.decide([bob])
    expect(inner.decided.at(-1)).toMatchObject([{ partition: 'user:bob', cost: 10 }])
  })

  it('ends where a denial starts a block', async () => {
    const { store, leased, askTimes } = scene('20/minute')
    const blocking = (cost: number): Charge => ({ ...leased(cost), block: { for: MINUTE, everywhere: false } })
    await askTimes(4)
    expect(await store.decide([blocking(15)])).toMatchObject([{ kind: 'denied' }])
    expect(await store.decide([leased()])).toMatchObject([{ kind: 'blocked' }])
  })

  it('holds no units of a request with several charges', async () => {
    const { inner, store, leased } = scene()
    for (let n = 0; n < 3; n++) await store.decide([leased(), { ...leased(), partition: 'user:bob' }])
    expect(inner.decided.flat().every(({ cost }) => cost === 1)).toBe(true)
  })

  it('keeps no units past the end of a fixed window, nor any where it cannot tell that end', async () => {
    const fixed = quota('100/minute')
    const { store, inner, pass } = scene()
    const clockWindow = { algorithm: 'fixed-window', limit: 100, window: MINUTE, align: 'clock' } as const
    const { zone, bound } = compileZone('fixed', [[clockWindow], [fixed]])
    const charge = (quotas = bound[0] ?? []): Charge => ({
      ...chargeOf({ zone, quotas, block: undefined }, ALICE),
      lease: { size: 10, for: SECOND },
    })
    await pass(MINUTE - 400 * MILLISECOND)
    for (let n = 0; n < 3; n++) await store.decide([charge()])
    await pass(400 * MILLISECOND)
    expect(await store.decide([charge()])).toMatchObject([{ remaining: 99 }])
    expect(inner.decided.map(([each]) => each?.cost)).toEqual([1, 10, 10])
    for (let n = 0; n < 3; n++) await store.decide([{ ...charge(bound[1]), partition: 'user:bob' }])
    expect(inner.decided.slice(3).map(([each]) => each?.cost)).toEqual([1, 1, 1])
  })
})
