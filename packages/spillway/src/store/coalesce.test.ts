import { describe, expect, it } from 'vitest'
import { StoreError } from '../core/decision.js'
import { quota } from '../core/quota-parser.js'
import { algorithmSuite } from '../testing/algorithm-suite.js'
import { fakeClock } from '../testing/fake-clock.js'
import { plainCalls } from '../testing/plain-calls.js'
import { plainStore } from '../testing/plain-store.js'
import { chargeOf, ruleOf } from '../testing/program.js'
import { storeSuite } from '../testing/store-suite.js'
import { noDecisions } from './calls.js'
import { coalesce } from './coalesce.js'
import { faultyCalls } from './faulty-calls.fixture.js'
import { decideOneOf, decideSeenOf } from './store.js'

storeSuite('coalesce', (clock) => coalesce(plainCalls(plainStore(clock))), { programs: 20 })
algorithmSuite('coalesce', (clock) => coalesce(plainCalls(plainStore(clock))))

const towns = ruleOf('towns', [quota('3/minute')])
const alice = chargeOf(towns, 'user:alice')
const bob = chargeOf(towns, 'user:bob')

function scene() {
  const calls = faultyCalls(plainCalls(plainStore(fakeClock())))
  const sources = noDecisions()
  return { calls, sources, store: coalesce(calls, { sources }) }
}

describe('coalesce', () => {
  it('sends all calls of a tick together, in order, each with its own answer', async () => {
    const { calls, store } = scene()
    const one = decideOneOf(store)
    const answers = await Promise.all([
      one(alice),
      store.decide([alice, bob]),
      store.refund([{ ...alice, cost: 1 }]),
      store.peek([alice]),
      store.block(towns.zone, 'user:bob', 1_000_000),
      one(bob),
      store.unblock(towns.zone, 'user:bob'),
      store.reset(towns.zone, 'user:alice'),
      one(alice),
    ])

    expect(calls.batches).toHaveLength(1)
    expect(answers).toMatchObject([
      { kind: 'allowed', remaining: 2 },
      [{ remaining: 1 }, { remaining: 2 }],
      undefined,
      [{ kind: 'allowed', taken: 0, remaining: 2 }],
      undefined,
      { kind: 'blocked' },
      undefined,
      undefined,
      { kind: 'allowed', remaining: 2 },
    ])
  })

  it('sends many calls in two halves where nothing is under way, and as one batch where something is', async () => {
    const sizes: number[] = []
    const answers: (() => void)[] = []
    const store = coalesce({
      answer: ({ length }) => {
        sizes.push(length)
        return new Promise((resolve) => answers.push(() => resolve(Array.from({ length }, () => []))))
      },
      beat: () => Promise.resolve(1),
    })
    const ask = (count: number) => {
      for (let i = 0; i < count; i++) void store.peek([alice])
      return new Promise((resolve) => setImmediate(resolve))
    }
    const answerAll = () => {
      for (const answer of answers.splice(0)) answer()
      return new Promise((resolve) => setImmediate(resolve))
    }

    await ask(33)
    await ask(40)
    await answerAll()
    await ask(31)
    await answerAll()
    await ask(32)
    expect(sizes).toEqual([17, 16, 40, 31, 16, 16])
  })

  it('shows a decision to a wrapper before whoever waits has it, and a fault only to whoever waits', async () => {
    const { calls, store } = scene()
    const seen: unknown[] = []
    const asked = decideSeenOf(store)(alice, (decision) => seen.push(decision))
    expect(seen).toEqual([])
    const decision = await asked
    expect(seen).toEqual([decision])

    calls.fail(new StoreError('ERR_SPILLWAY_TEST', 'down'))
    await expect(decideSeenOf(store)(alice, (later) => seen.push(later))).rejects.toThrow('down')
    expect(seen).toHaveLength(1)
  })

  it('sends at most 250 calls in a batch, without waiting for the end of the tick', async () => {
    const { calls, store } = scene()
    const one = decideOneOf(store)
    const decisions = Array.from({ length: 601 }, () => one(alice))
    expect(calls.batches.map(({ length }) => length)).toEqual([250, 250])
    const kinds = (await Promise.all(decisions)).map(({ kind }) => kind)
    expect(calls.batches.map(({ length }) => length)).toEqual([250, 250, 51, 50])
    expect(kinds.slice(0, 3)).toEqual(['allowed', 'allowed', 'allowed'])
    expect(kinds.indexOf('denied')).toBe(3)
    expect(kinds.lastIndexOf('allowed')).toBe(2)
  })

  it('fails each call of a batch that failed, with one error', async () => {
    const { calls, store } = scene()
    const error = new StoreError('ERR_SPILLWAY_TEST', 'down')
    calls.fail(error)
    const outcomes = await Promise.allSettled([
      store.decide([alice]),
      store.peek([bob]),
      store.refund([{ ...alice, cost: 1 }]),
    ])
    expect(outcomes).toEqual(outcomes.map(() => ({ status: 'rejected', reason: error })))
  })

  it('fails a call alone whose own answer is an error', async () => {
    const wrong = new StoreError('ERR_SPILLWAY_STORE_WRONGTYPE', 'not a record')
    const plain = plainStore(fakeClock())
    const store = coalesce(
      plainCalls({
        ...plain,
        decide(charges) {
          if (charges[0]?.partition === 'user:bob') throw wrong
          return plain.decide(charges)
        },
      }),
    )
    const outcomes = await Promise.allSettled([store.decide([alice]), store.decide([bob]), store.decide([alice])])
    expect(outcomes).toMatchObject([{ value: [{ remaining: 2 }] }, { reason: wrong }, { value: [{ remaining: 1 }] }])
  })

  it('fails with a StoreError where an answer is missing', async () => {
    const store = coalesce({ answer: () => Promise.resolve([]), beat: () => Promise.resolve(1) })
    await expect(store.decide([alice])).rejects.toMatchObject({ code: 'ERR_SPILLWAY_STORE_FAILED' })
  })

  it('counts the decisions that the store made, and no peeks', async () => {
    const { calls, sources, store } = scene()
    await Promise.all([store.decide([alice, bob]), store.peek([alice]), decideOneOf(store)(bob)])
    calls.fail(new Error('down'))
    await Promise.allSettled([store.decide([alice])])
    expect(sources).toEqual({ ...noDecisions(), store: 3 })
  })

  it('sends nothing where nothing is asked', async () => {
    const { calls, store } = scene()
    expect([await store.decide([]), await store.peek([]), await store.refund([])]).toEqual([[], [], undefined])
    expect(calls.batches).toEqual([])
  })

  it('sends calls of different hash slots apart, each answered when its own batch is', async () => {
    const inner = plainCalls(plainStore(fakeClock()))
    const batches: number[] = []
    const slotOf = (call: Parameters<typeof inner.answer>[0][number]) =>
      'charges' in call && call.charges[0]?.partition === 'user:bob' ? 1 : 0
    const store = coalesce(
      {
        answer(calls) {
          batches.push(calls.length)
          return calls.some((call) => slotOf(call) === 1) ? new Promise(() => undefined) : inner.answer(calls)
        },
        beat: inner.beat,
      },
      { slotOf },
    )
    const never = store.decide([bob])
    expect(await Promise.all([store.decide([alice]), store.decide([alice])])).toMatchObject([[{ remaining: 2 }], [{}]])
    expect(batches).toEqual([1, 2])
    expect(never).toBeInstanceOf(Promise)
  })
})
