import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StoreError } from '../../core/decision.js'
import { quota } from '../../core/quota-parser.js'
import { MILLISECOND } from '../../core/units.js'
import { fakeClock } from '../../testing/fake-clock.js'
import { plainCalls } from '../../testing/plain-calls.js'
import { plainStore } from '../../testing/plain-store.js'
import { chargeOf, ruleOf } from '../../testing/program.js'
import type { StoreCall, StoreEvent } from '../calls.js'
import { faultyCalls } from '../faulty-calls.fixture.js'
import { partitionOf } from './parts.js'
import { sixteenths } from './sixteenths.js'
import { hashSlot } from './slot.js'

const down = new StoreError('ERR_SPILLWAY_STORE_TIMEOUT', 'no answer')

/** A cluster of two masters, whose border lies within the eighth sixteenth. */
const BORDER = 7.5 * 1024

function scene() {
  const masters = [faultyCalls(plainCalls(plainStore(fakeClock()))), faultyCalls(plainCalls(plainStore(fakeClock())))]
  const masterOf = (partition: string) => masters[hashSlot(partition) < BORDER ? 0 : 1] as (typeof masters)[number]
  const events: StoreEvent[] = []
  const cluster = sixteenths(
    (beatsAt) => ({
      answer: (calls) => masterOf(partitionIn(calls)).answer(calls),
      beat: () => masterOf(beatsAt).beat(),
    }),
    {
      slotOf: hashSlot,
      onEvent: (event) => events.push(event),
      clock: { now: () => performance.now() * 1000 },
    },
  )
  const ask = (partition: string) =>
    cluster.answer(callOn(partition)).then(
      () => 'answered',
      (error: StoreError) => error.code,
    )
  return { masters, cluster, events, ask }
}

const rule = ruleOf('towns', [quota('5/minute')])
const callOn = (partition: string): StoreCall[] => [{ kind: 'decide', charges: [chargeOf(rule, partition)] }]

function partitionIn([call]: readonly StoreCall[]): string {
  return call === undefined ? '' : partitionOf(call)
}

/** A partition whose slot lies from one to the other. */
function between(from: number, to: number): string {
  for (let n = 0; ; n++) if (hashSlot(`user:${n}`) >= from && hashSlot(`user:${n}`) < to) return `user:${n}`
}

const atTheStart = between(0, 1024)
const beforeTheBorder = between(7 * 1024, BORDER)
const afterTheBorder = between(BORDER, 8 * 1024)
const atTheEnd = between(15 * 1024, 16 * 1024)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('sixteenths', () => {
  it('asks on about the slots of a master that is there, while another is away', async () => {
    const { masters, cluster, ask } = scene()
    masters[0]?.fail(down)
    for (let n = 0; n < 3; n++) expect(await ask(atTheStart)).toBe(down.code)
    expect(await ask(atTheStart)).toBe('ERR_SPILLWAY_STORE_UNAVAILABLE')
    expect(await ask(atTheEnd)).toBe('answered')
    expect(cluster.available()).toBe(false)
  })

  it('tells of the whole: away once, and back when all of it is', async () => {
    const { masters, cluster, events, ask } = scene()
    masters[0]?.fail(down)
    for (let n = 0; n < 3; n++) await Promise.all([ask(atTheStart), ask(beforeTheBorder)])
    expect(events).toEqual([{ kind: 'unavailable', cause: down }])
    await vi.advanceTimersByTimeAsync(100)
    masters[0]?.work()
    await vi.advanceTimersByTimeAsync(50)
    expect(events.slice(1)).toEqual([{ kind: 'available', after: 150 * MILLISECOND }])
    expect([await ask(atTheStart), cluster.available()]).toEqual(['answered', true])
  })

  it.each([
    [0, beforeTheBorder],
    [1, afterTheBorder],
  ])('probes the master that failed, where a sixteenth lies on two: %i', async (master, partition) => {
    const { masters, events, ask } = scene()
    masters[master]?.fail(down)
    for (let n = 0; n < 3; n++) await ask(partition)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(events.map(({ kind }) => kind)).toEqual(['unavailable'])
    masters[master]?.work()
    await vi.advanceTimersByTimeAsync(500)
    expect(events.map(({ kind }) => kind)).toEqual(['unavailable', 'available'])
  })

  it('beats in every sixteenth, and comes through where any part answers', async () => {
    const { masters, cluster } = scene()
    expect(await cluster.beat()).toBe(1)
    expect((masters[0]?.beats() ?? 0) + (masters[1]?.beats() ?? 0)).toBe(16)
    masters[0]?.fail(down)
    expect(await cluster.beat()).toBe(1)
    masters[1]?.fail(down)
    await expect(cluster.beat()).rejects.toBe(down)
  })

  it('stops all its timers when it is closed', async () => {
    const { masters, cluster, ask } = scene()
    masters[0]?.fail(down)
    for (let n = 0; n < 3; n++) await Promise.all([ask(atTheStart), ask(beforeTheBorder)])
    cluster.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('works where all keys lie in one slot', async () => {
    const inner = faultyCalls(plainCalls(plainStore(fakeClock())))
    const cluster = sixteenths(() => inner, { slotOf: () => 5, onEvent: () => undefined, clock: fakeClock() })
    expect(await cluster.answer(callOn('user:alice'))).toMatchObject([[{ kind: 'allowed' }]])
  })
})
