import { describe, expect, it } from 'vitest'
import type { Block, Charge, FailurePolicy } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import { StoreError } from '../core/decision.js'
import { quota, quotas } from '../core/quota-parser.js'
import { MINUTE, SECOND } from '../core/units.js'
import { compileZone } from '../core/zone.js'
import { fakeClock } from '../testing/fake-clock.js'
import { plainStore } from '../testing/plain-store.js'
import { chargeOf, ruleOf } from '../testing/program.js'
import type { StoreEvent } from './calls.js'
import { noDecisions } from './calls.js'
import { localFallback } from './local-fallback.js'
import { memoryStore } from './memory/memory.js'
import type { Store } from './store.js'
import { watchedStore } from './watched-store.fixture.js'

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

  it('counts in this process under local', async () => {
    const store = localFallback(broken(failing), { clock })
    expect(await store.decide([charge('local')])).toMatchObject([{ kind: 'allowed', remaining: 0 }])
    expect(await store.peek([charge('local')])).toMatchObject([{ kind: 'denied' }])
    expect(await store.decide([charge('local')])).toMatchObject([{ kind: 'denied' }])
  })

  it.each<FailurePolicy>(['allow', 'deny'])('knows nothing under %s', async (policy) => {
    const store = localFallback(broken(failing), { clock })
    const unknown = { kind: 'unknown', cause }
    expect(await store.decide([charge(policy), charge('allow')])).toEqual([unknown, unknown])
    expect(await store.peek([charge(policy)])).toEqual([unknown])
  })

  it('fails with the store where a partition is managed', async () => {
    const store = localFallback(broken(failing), { clock })
    await expect(async () => store.refund([])).rejects.toBe(cause)
    await expect(async () => store.block(zone, 'alice', 1)).rejects.toBe(cause)
    await expect(async () => store.unblock(zone, 'alice')).rejects.toBe(cause)
    await expect(async () => store.reset(zone, 'alice')).rejects.toBe(cause)
  })
})

describe('localFallback', () => {
  it('hands on what a healthy store says, without a promise where there is none', () => {
    // A copy: the store itself is known never to fail, and would be returned as it is.
    const store = localFallback({ ...memoryStore({ clock: fakeClock() }) })
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

const ALICE = 'user:alice'

/** A store that can be made to fail, and what a process behind it decides. */
function scene(text: string, replicas = 1, block?: Block) {
  const clock = fakeClock()
  const plain = plainStore(clock)
  const inner = watchedStore(plain)
  const events: StoreEvent[] = []
  const sources = noDecisions()
  const store = localFallback(inner, {
    clock,
    replicas: () => replicas,
    onEvent: (event) => events.push(event),
    sources,
  })
  const rule = ruleOf('towns', quotas(text), block)
  const asking = (cost = 1, partition = ALICE) => chargeOf(rule, partition, cost)
  const ask = async (cost?: number, partition?: string) =>
    (await store.decide([asking(cost, partition)]))[0] as Exclude<Decision, { kind: 'unknown' }>
  const askTimes = async (times: number) => {
    let passed = 0
    for (let n = 0; n < times; n++) if ((await ask()).kind === 'allowed') passed++
    return passed
  }
  return { clock, plain, inner, events, sources, store, rule, asking, ask, askTimes, down: () => inner.fail(cause) }
}

describe('localFallback: a process alone', () => {
  it.each([
    ['10/minute', 1, 10],
    ['10/minute', 4, 3],
    ['2/minute', 5, 1],
  ])('admits its share of %s among %i, rounded up', async (text, replicas, share) => {
    const { down, askTimes } = scene(text, replicas)
    down()
    expect(await askTimes(20)).toBe(share)
  })

  it('tells figures of the rule, as far as this process goes', async () => {
    const { down, ask } = scene('10/minute', 4)
    down()
    expect(await ask()).toMatchObject({ kind: 'allowed', limit: 10, remaining: 2, resetAfter: MINUTE, taken: 1 })
    expect(await ask(4)).toMatchObject({ kind: 'denied', limit: 10, remaining: 2, retryAfter: MINUTE })
    expect(await ask(11)).toMatchObject({ kind: 'impossible', largestCost: 10 })
  })

  it('passes a cost above its share once', async () => {
    const { down, ask } = scene('10/minute', 4)
    down()
    expect([await ask(7), await ask(7)]).toMatchObject([{ kind: 'allowed' }, { kind: 'denied' }])
  })

  it('passes no more than what was last known to remain', async () => {
    const { down, ask, askTimes } = scene('10/minute')
    await ask(7)
    down()
    expect(await ask(4)).toMatchObject({ kind: 'denied', remaining: 3 })
    expect(await askTimes(9)).toBe(3)
  })

  it.each([
    ['sliding window', '5/minute'],
    ['fixed window', { algorithm: 'fixed-window', limit: 5, window: MINUTE, align: 'first' }],
    ['token bucket', { algorithm: 'token-bucket', limit: 5, window: MINUTE, burst: 5 }],
  ] as const)('lets pass at the very moment that the store told: %s', async (_, text) => {
    const { clock, down, plain, inner } = scene('1/minute')
    const rule = ruleOf('other', typeof text === 'string' ? quotas(text) : [text])
    const store = localFallback(inner, { clock })
    const ask = async () => (await store.decide([chargeOf(rule, ALICE)]))[0]
    for (let n = 0; n < 5; n++) {
      await ask()
      clock.advance(SECOND)
    }
    const [told] = await plain.peek([chargeOf(rule, ALICE)])
    await store.peek([chargeOf(rule, ALICE)])
    const { retryAfter } = told as { retryAfter: number }
    down()
    expect(await ask()).toMatchObject({ kind: 'denied', retryAfter })
    clock.advance(retryAfter - 1)
    expect(await ask()).toMatchObject({ kind: 'denied', retryAfter: 1 })
    clock.advance(1)
    expect(await ask()).toMatchObject({ kind: 'allowed' })
  })

  it('divides what was left among the replicas, rounded up', async () => {
    const { down, ask, askTimes } = scene('10/minute', 4)
    await ask(5)
    down()
    expect(await askTimes(9)).toBe(2)
  })

  it('refuses who was last known to be blocked, for as long', async () => {
    const { clock, down, store, rule, ask } = scene('1/minute', 1, { for: 2 * MINUTE, everywhere: true })
    await ask()
    await ask()
    await store.block({ ...rule.zone }, 'user:bob', MINUTE)
    await store.block(rule.zone, 'user:mia', MINUTE)
    await store.unblock(rule.zone, 'user:mia')
    down()
    expect(await ask()).toMatchObject({ kind: 'blocked', retryAfter: 2 * MINUTE })
    expect(await ask(1, 'user:bob')).toMatchObject({ kind: 'blocked', retryAfter: MINUTE })
    expect(await ask(1, 'user:mia')).toMatchObject({ kind: 'allowed' })
    clock.advance(2 * MINUTE)
    expect(await ask()).toMatchObject({ kind: 'allowed' })
  })

  it('refuses whom another process has blocked, and nobody else', async () => {
    const { plain, down, store, rule, ask } = scene('5/minute')
    const other = ruleOf('other', quotas('5/minute'))
    const askOther = async () => (await store.decide([chargeOf(other, 'user:bob')]))[0]
    await plain.block(rule.zone, ALICE, MINUTE)
    await askOther()
    await ask()
    down()
    expect(await ask()).toMatchObject({ kind: 'blocked', retryAfter: MINUTE })
    expect(await askOther()).toMatchObject({ kind: 'allowed' })
  })

  it.each([false, true])('lets pass whose block another process has lifted, everywhere: %s', async (everywhere) => {
    const { plain, down, store, rule, ask } = scene('9/minute', 1, { for: MINUTE, everywhere })
    await store.block(rule.zone, ALICE, MINUTE)
    await plain.unblock(rule.zone, ALICE)
    await ask()
    down()
    expect(await ask()).toMatchObject({ kind: 'allowed', remaining: 7 })
  })

  it('keeps the longer of two blocks that an operator has set', async () => {
    const { down, store, rule, ask } = scene('1/minute')
    await store.block(rule.zone, ALICE, 10 * MINUTE)
    await store.block(rule.zone, ALICE, MINUTE)
    down()
    expect(await ask()).toMatchObject({ kind: 'blocked', retryAfter: 10 * MINUTE })
  })

  it('gives back here what was taken here, also after the store answers again', async () => {
    const { inner, down, store, asking, ask, askTimes } = scene('3/minute')
    const stored = await ask()
    down()
    const decision = await ask()
    await store.refund([{ ...asking(), decision }])
    expect(await askTimes(5)).toBe(2)
    await expect(async () => store.refund([{ ...asking(), decision: stored }])).rejects.toBe(cause)
    inner.fail(undefined)
    await store.refund([{ ...asking(), decision }])
    expect(inner.refunded).toHaveLength(1)
  })

  it.each([
    ['9/minute', 'counts until then'],
    ['9/100ms', 'counts no longer'],
  ])('tells once that it decides alone, and once that the store does again, and counts: %s, which %s', async (text) => {
    const { clock, inner, events, sources, down, ask, askTimes } = scene(text, 2)
    await askTimes(2)
    down()
    await askTimes(3)
    expect(events).toEqual([{ kind: 'local', replicas: 2, cause }])
    inner.fail(undefined)
    clock.advance(SECOND / 2)
    await ask()
    clock.advance(SECOND / 2)
    await askTimes(2)
    expect(events.slice(1)).toEqual([{ kind: 'recovered' }])
    expect(sources).toMatchObject({ local: 3, unknown: 0 })
  })

  it('tells that the store does again when it is heard to be alive, though nobody asks', async () => {
    const clock = fakeClock()
    const events: StoreEvent[] = []
    const listeners: (() => void)[] = []
    const store = localFallback(broken(fail), {
      clock,
      onEvent: (event) => events.push(event),
      whenAlive: (listener) => listeners.push(listener),
    })
    const [alive] = listeners
    alive?.()
    await store.decide([charge('local')])
    alive?.()
    expect(events).toMatchObject([{ kind: 'local', replicas: 1, cause: { message: expect.any(String) } }])
    clock.advance(SECOND)
    alive?.()
    alive?.()
    expect(events.slice(1)).toEqual([{ kind: 'recovered' }])
  })

  it('hands out no share twice where the store fails now and then', async () => {
    const { clock, inner, down, askTimes } = scene('10/minute', 5)
    let alone = 0
    for (let n = 0; n < 8; n++) {
      down()
      alone += await askTimes(3)
      inner.fail(undefined)
      await askTimes(1)
      clock.advance(2 * SECOND)
    }
    expect(alone).toBeLessThanOrEqual(2)
  })

  it('gives everybody else a share, whatever was known before, and keeps no more than it is to', async () => {
    const { clock, inner } = scene('1/minute')
    const rule = ruleOf('other', quotas('2/minute'))
    const store = localFallback(inner, { clock, maxPartitions: 10 })
    for (let n = 0; n < 30; n++) await store.decide([chargeOf(rule, `user:${n}`, 2)])
    inner.fail(cause)
    const kinds: string[] = []
    for (let n = 0; n < 30; n++) kinds.push((await store.decide([chargeOf(rule, `user:${n}`)]))[0]?.kind ?? '')
    const denied = kinds.lastIndexOf('allowed') + 1
    expect(kinds.slice(denied).every((kind) => kind === 'denied')).toBe(true)
    expect(30 - denied).toBeGreaterThanOrEqual(5)
    expect(30 - denied).toBeLessThanOrEqual(10)
  })

  it('leaves a store alone that never fails', () => {
    const memory = memoryStore()
    expect(localFallback(memory)).toBe(memory)
    const once = localFallback(broken(fail))
    expect(localFallback(once, { replicas: () => 3 })).toBe(once)
  })
})
