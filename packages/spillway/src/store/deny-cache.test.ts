import { describe, expect, it } from 'vitest'
import type { Block, Charge } from '../core/charge.js'
import type { Decision } from '../core/decision.js'
import { makeQuota } from '../core/make-quota.js'
import { quotas } from '../core/quota-parser.js'
import { MILLISECOND, MINUTE, SECOND } from '../core/units.js'
import { compileZone, everywhereZone } from '../core/zone.js'
import type { FakeClock } from '../testing/fake-clock.js'
import { fakeClock } from '../testing/fake-clock.js'
import { plainStore } from '../testing/plain-store.js'
import { chargeOf, ruleOf, runProgram } from '../testing/program.js'
import type { Random } from '../testing/random.js'
import { seededRandom } from '../testing/random.js'
import { noDecisions } from './calls.js'
import { denyCache } from './deny-cache.js'
import type { Store } from './store.js'
import { decideOneOf } from './store.js'
import { watchedStore } from './watched-store.fixture.js'

const ALICE = 'user:alice'

function scene(text = '1/minute', { block, maxPartitions = 100 }: { block?: Block; maxPartitions?: number } = {}) {
  const clock = fakeClock()
  const plain = plainStore(clock)
  const inner = watchedStore(plain)
  const sources = noDecisions()
  const store = denyCache(inner, { clock, sources, maxPartitions })
  const rule = ruleOf('towns', quotas(text), block)
  const charge = (cost = 1, partition = ALICE): Charge => chargeOf(rule, partition, cost)
  const ask = async (cost?: number, partition?: string) =>
    (await store.decide([charge(cost, partition)]))[0] as Decision
  /** How often the store was asked while something was done. */
  const calls = async (run: () => Promise<unknown>) => {
    const before = inner.decided.length
    await run()
    return inner.decided.length - before
  }
  return { clock, plain, inner, sources, store, rule, charge, ask, calls }
}

describe('denyCache', () => {
  it('answers what was refused without a call, with the figures moved on', async () => {
    const { clock, ask, calls, sources } = scene()
    await ask()
    await ask()
    clock.advance(300 * MILLISECOND)
    const retryAfter = MINUTE - 300 * MILLISECOND
    expect(await calls(async () => expect(await ask()).toMatchObject({ kind: 'denied', retryAfter }))).toBe(0)
    expect(sources.denyCache).toBe(1)
  })

  it('answers a single charge by the shorter way alike', async () => {
    const { charge, calls, sources, store } = scene()
    const one = decideOneOf(store)
    const kinds = [(await one(charge())).kind, (await one(charge())).kind]
    expect(kinds).toEqual(['allowed', 'denied'])
    expect(await calls(async () => expect(await one(charge())).toMatchObject({ kind: 'denied' }))).toBe(0)
    expect(sources.denyCache).toBe(1)
    await store.reset(charge().zone, ALICE)
    expect(await one(charge())).toMatchObject({ kind: 'allowed' })
  })

  it('asks again after a second, so that what others did is seen', async () => {
    const { clock, plain, rule, ask, calls } = scene()
    await ask()
    await ask()
    await plain.reset(rule.zone, ALICE)
    clock.advance(SECOND - 1)
    expect(await ask()).toMatchObject({ kind: 'denied' })
    clock.advance(1)
    expect(await calls(ask)).toBe(1)
    expect(await ask()).toMatchObject({ kind: 'denied', retryAfter: MINUTE })
  })

  it('asks at the moment at which the charge would pass', async () => {
    const { clock, ask } = scene('1/second')
    await ask()
    clock.advance(900 * MILLISECOND)
    await ask()
    clock.advance(100 * MILLISECOND - 1)
    expect(await ask()).toMatchObject({ kind: 'denied', retryAfter: 1 })
    clock.advance(1)
    expect(await ask()).toMatchObject({ kind: 'allowed' })
  })

  it('knows of this cost alone', async () => {
    const { ask } = scene('5/minute')
    await ask(3)
    expect([await ask(3), await ask(3)]).toMatchObject([{ kind: 'denied' }, { kind: 'denied' }])
    expect(await ask(2)).toMatchObject({ kind: 'allowed' })
    expect(await ask(3)).toMatchObject({ kind: 'denied', remaining: 0 })
  })

  it.each<[string, (world: ReturnType<typeof scene>) => unknown]>([
    ['a refund', ({ store, charge }) => store.refund([charge()])],
    ['a reset', ({ store, rule }) => store.reset(rule.zone, ALICE)],
    ['a block', ({ store, rule }) => store.block(rule.zone, ALICE, SECOND)],
    ['an unblocking', ({ store, rule }) => store.unblock({ ...rule.zone }, ALICE)],
  ])('forgets at once on %s in this process', async (_, change) => {
    const world = scene()
    await world.ask()
    await world.ask()
    await change(world)
    expect(await world.calls(world.ask)).toBe(1)
  })

  it('keeps a block, and not the denial that started it', async () => {
    const { ask, calls } = scene('1/minute', { block: { for: 2 * MINUTE, everywhere: false } })
    await ask()
    expect(await ask()).toMatchObject({ kind: 'denied', retryAfter: 2 * MINUTE })
    expect(await calls(async () => expect(await ask()).toMatchObject({ kind: 'blocked' }))).toBe(1)
    expect(await calls(ask)).toBe(0)
  })

  it('answers several charges only where the very same were refused together', async () => {
    const { store, charge, calls } = scene()
    const other = ruleOf('other', quotas('9/minute'))
    const both = [chargeOf(other, ALICE), charge()]
    await store.decide([charge()])
    await store.decide(both)
    const again = await calls(async () => {
      expect(await store.decide(both)).toMatchObject([{ kind: 'allowed', taken: 0, remaining: 9 }, { kind: 'denied' }])
    })
    expect(again).toBe(0)
    expect(await calls(async () => store.decide([chargeOf(other, ALICE)]))).toBe(1)
    expect(await calls(async () => store.decide(both))).toBe(1)
  })

  it('is not filled by a flood', async () => {
    const { ask, calls } = scene('1/minute', { maxPartitions: 10 })
    for (let n = 0; n < 100; n++) {
      await ask(1, `user:${n}`)
      await ask(1, `user:${n}`)
    }
    expect(await calls(() => ask(1, 'user:99'))).toBe(0)
    expect(await calls(() => ask(1, 'user:0'))).toBe(1)
  })

  it('answers 300 random programs as the store behind it does, microsecond for microsecond', async () => {
    const options = { steps: 60, partitions: [ALICE, 'user:bob'], zones: ['a', 'b'], stepsBack: false }
    for (let seed = 1; seed <= 300; seed++) {
      const [clock, plainClock] = [fakeClock(), fakeClock()]
      const answers = await runProgram(denyCache(plainStore(clock), { clock }), clock, seededRandom(seed), options)
      const plain = await runProgram(plainStore(plainClock), plainClock, seededRandom(seed), options)
      expect(answers, `program ${seed}`).toEqual(plain)
    }
  })

  it('answers those who insist as the store behind it does, and mostly without it', async () => {
    const sources = noDecisions()
    for (let seed = 1; seed <= 100; seed++) {
      const clock = fakeClock()
      const cached = denyCache(plainStore(clock), { clock, sources })
      await insist(cached, plainStore(clock), clock, seededRandom(seed))
    }
    expect(sources.denyCache).toBeGreaterThan(5_000)
  })
})

/** The same few charges over and over, and now and then something else, put to two stores that must answer alike. */
async function insist(one: Store, other: Store, clock: FakeClock, random: Random): Promise<void> {
  const everywhere = everywhereZone()
  const texts = ['3/second', '2/second; 5/3 seconds', '4/second', '9/2 seconds']
  const bucket = makeQuota({ algorithm: 'token-bucket', limit: 3, window: SECOND, burst: 4 })
  const rules = ['a', 'b'].map((name) => {
    const { zone, bound } = compileZone(name, [[...quotas(random.pick(texts)), bucket]], everywhere)
    const block = random.oneIn(3) ? { for: 700 * MILLISECOND, everywhere: random.oneIn(2) } : undefined
    return { zone, quotas: bound[0] ?? [], block }
  })
  const charge = (): Charge =>
    chargeOf(random.pick(rules), random.pick([ALICE, 'user:bob']), random.pick([1, 1, 1, 2, 9]))
  const requests = Array.from({ length: 4 }, () => (random.oneIn(2) ? [charge()] : [charge(), charge()]))
  for (let step = 0; step < 150; step++) {
    clock.advance(random.pick([0, 1, 1_000, 20_000, 60_000]))
    const { zone, partition } = charge()
    const what = random.int(1, 60)
    for (const store of [one, other]) {
      if (what === 1) await store.refund([{ zone, partition, cost: 1 }])
      if (what === 2) await store.reset(zone, partition)
      if (what === 3) await store.block(zone, partition, 400 * MILLISECOND)
      if (what === 4) await store.unblock(zone, partition)
    }
    const request = random.pick(requests)
    expect(await one.decide(request)).toEqual(await other.decide(request))
  }
}
