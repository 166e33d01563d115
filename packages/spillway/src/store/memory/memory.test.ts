import { describe, expect, it } from 'vitest'
import type { Charge } from '../../core/charge.js'
import type { QuotaOptions } from '../../core/make-quota.js'
import { makeQuota } from '../../core/make-quota.js'
import { quotas } from '../../core/quota-parser.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../core/units.js'
import { compileZone } from '../../core/zone.js'
import { fakeClock } from '../../testing/fake-clock.js'
import { plainStore } from '../../testing/plain-store.js'
import type { ProgramOptions } from '../../testing/program.js'
import { chargeOf, ruleOf, runProgram } from '../../testing/program.js'
import { seededRandom } from '../../testing/random.js'
import { memoryStore } from './memory.js'
import type { MemoryStoreOptions } from './store-of.js'

const ALICE = 'user:alice'

async function compare(seed: number, options: ProgramOptions): Promise<void> {
  const [mine, plain] = [fakeClock(), fakeClock()]
  const answers = await runProgram(memoryStore({ clock: mine }), mine, seededRandom(seed), options)
  const expected = await runProgram(plainStore(plain), plain, seededRandom(seed), options)
  if (JSON.stringify(answers) !== JSON.stringify(expected)) expect(answers, `seed ${seed}`).toEqual(expected)
}

describe('memoryStore beside the plain store', () => {
  it('answers 400 random programs alike, microsecond for microsecond', async () => {
    const partitions = [ALICE, 'user:bob', 'ip:192.0.2.1']
    for (let seed = 1_001; seed <= 1_400; seed++) {
      await compare(seed, { steps: 60, partitions, zones: ['a', 'b'], stepsBack: false })
    }
  })

  it('answers 400 random programs alike while the clock steps back and forth', async () => {
    for (let seed = 2_001; seed <= 2_400; seed++) {
      await compare(seed, { steps: 60, partitions: [ALICE], zones: ['a'], stepsBack: true })
    }
  })
})

describe('memoryStore', () => {
  it('answers at once, without a promise', () => {
    const store = memoryStore({ clock: fakeClock() })
    const charge = chargeOf(ruleOf('towns', quotas('1/minute')), ALICE)
    expect(store.decide([charge])).toMatchObject([{ kind: 'allowed', remaining: 0 }])
    expect(store.peek([charge])).toMatchObject([{ kind: 'denied', retryAfter: MINUTE }])
  })

  it('goes by a clock of its own where it is given none', () => {
    const before = Date.now() * 1_000
    const [decision] = memoryStore().decide([chargeOf(ruleOf('towns', quotas('1/minute')), ALICE)])
    expect(decision).toMatchObject({ kind: 'allowed' })
    const at = decision?.kind === 'allowed' ? decision.at : 0
    expect(Number.isInteger(at) && Math.abs(at - before) < MINUTE).toBe(true)
  })

  it.each([0, -1, 1.5, Number.NaN, '100' as unknown as number])('refuses %s as a bound, and names it', (bound) => {
    expect(() => memoryStore({ maxPartitions: bound })).toThrow(/maxPartitions must be a whole number/)
    expect(() => memoryStore({ maxBytes: bound })).toThrow(/maxBytes must be a whole number/)
  })

  it('refuses an option that there is none of', () => {
    const misspelt = { maxPartition: 10 }
    expect(() => memoryStore(misspelt as MemoryStoreOptions)).toThrow(/no option "maxPartition"/)
  })

  it.each<[string, QuotaOptions]>([
    ['sliding-window', { limit: 2, window: 30 * DAY }],
    ['sliding-window', { limit: 2, window: 366 * DAY }],
    ['fixed-window', { algorithm: 'fixed-window', limit: 2, window: 30 * DAY }],
    ['fixed-window', { algorithm: 'fixed-window', limit: 2, window: 366 * DAY }],
    ['token-bucket', { algorithm: 'token-bucket', limit: 1, window: 30 * DAY, burst: 2 }],
    ['token-bucket', { algorithm: 'token-bucket', limit: 1, window: 366 * DAY, burst: 2 }],
  ])('keeps a %s of many days to the microsecond, through every sweep', (_, options) => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const rule = ruleOf('long', [makeQuota(options)])
    const window = options.window as number
    store.decide([chargeOf(rule, ALICE, 2)])
    clock.advance(window - 1)
    for (let i = 0; i < 10; i++) store.sweep()
    expect(store.decide([chargeOf(rule, ALICE)])).toMatchObject([{ kind: 'denied', retryAfter: 1 }])
    clock.advance(1)
    expect(store.decide([chargeOf(rule, ALICE)])).toMatchObject([{ kind: 'allowed' }])
  })

  it.each([
    ['sliding-window', '2/2 hours'],
    ['fixed-window', { algorithm: 'fixed-window', limit: 2, window: 2 * HOUR }],
    ['clock window', { algorithm: 'fixed-window', limit: 2, window: 2 * HOUR, align: 'clock' }],
    ['token-bucket', { algorithm: 'token-bucket', limit: 1, window: 2 * HOUR, burst: 2 }],
  ] as const)('makes nobody wait longer, and nobody gain, when the clock of a %s steps back an hour', (_, quota) => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const rule = ruleOf('hours', typeof quota === 'string' ? quotas(quota) : [makeQuota(quota)])
    store.decide([chargeOf(rule, ALICE, 2)])
    clock.advance(-HOUR)
    expect(store.decide([chargeOf(rule, ALICE)])).toMatchObject([{ kind: 'denied', retryAfter: 2 * HOUR }])
    clock.advance(2 * HOUR - 1)
    expect(store.decide([chargeOf(rule, ALICE)])).toMatchObject([{ kind: 'denied', retryAfter: 1 }])
    clock.advance(1)
    expect(store.decide([chargeOf(rule, ALICE)])).toMatchObject([{ kind: 'allowed' }])
  })

  it('takes an hour forward as an hour that passed', () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const rule = ruleOf('hours', quotas('1/2 hours'), { for: 3 * HOUR, everywhere: false })
    store.decide([chargeOf(rule, ALICE)])
    expect(store.decide([chargeOf(rule, ALICE)])).toMatchObject([{ kind: 'denied', retryAfter: 3 * HOUR }])
    clock.advance(HOUR)
    expect(store.decide([chargeOf(rule, ALICE)])).toMatchObject([{ kind: 'blocked', retryAfter: 2 * HOUR }])
    clock.advance(-HOUR)
    expect(store.decide([chargeOf(rule, ALICE)])).toMatchObject([{ kind: 'blocked', retryAfter: 2 * HOUR }])
    clock.advance(2 * HOUR)
    expect(store.decide([chargeOf(rule, ALICE)])).toMatchObject([{ kind: 'allowed' }])
  })

  it('draws a calendar day by its clock, also after that stepped back', () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const daily = ruleOf('daily', [makeQuota({ limit: 1, every: 'day' })])
    const other = ruleOf('other', quotas('1/second'))
    clock.advance(12 * HOUR)
    store.decide([chargeOf(other, ALICE)])
    clock.advance(-HOUR)
    expect(store.decide([chargeOf(daily, ALICE)])).toMatchObject([{ kind: 'allowed', resetAfter: 13 * HOUR }])
  })

  it('undoes a merged charge also after its clock stepped back', () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const rule = ruleOf('merged', [makeQuota({ limit: 9, window: 10 * SECOND, resolution: 2 })])
    store.decide([chargeOf(rule, 'user:bob')])
    clock.advance(-3 * SECOND)
    store.peek([])
    clock.advance(3 * SECOND)
    const decisions = [0, 1, 1, 4, 1].map((after) => {
      clock.advance(after * SECOND)
      return store.decide([chargeOf(rule, ALICE)])[0]!
    })
    store.refund([{ zone: rule.zone, partition: ALICE, cost: 1, decision: decisions[0]! }])
    expect(store.peek([chargeOf(rule, ALICE)])).toMatchObject([{ remaining: 5 }])
  })

  it('keeps what an unchanged quota counted when another zone of the same name takes over', () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const before = ruleOf('towns', quotas('3/minute; 100/hour'))
    store.decide([chargeOf(before, ALICE, 2)])
    const after = ruleOf('towns', quotas('7/second; 3/minute; 50/day'))
    expect(store.decide([chargeOf(after, ALICE)])).toMatchObject([
      { quotas: [{ remaining: 6 }, { remaining: 0 }, { remaining: 49 }] },
    ])
    expect(store.decide([chargeOf(after, ALICE)])).toMatchObject([{ kind: 'denied', limit: 3 }])
    expect(store.peek([chargeOf(before, ALICE)])).toMatchObject([{ quotas: [{ remaining: 0 }, { remaining: 98 }] }])
  })

  it('checks each charge against its own limit where rules of different limits share the one counter', () => {
    const store = memoryStore({ clock: fakeClock() })
    const { zone, bound } = compileZone('towns', [quotas('9/minute'), quotas('3/minute')])
    const narrow: Charge = {
      zone,
      partition: ALICE,
      quotas: bound[1]!,
      cost: 1,
      block: undefined,
      onStoreFailure: 'deny',
    }
    const kinds = [1, 2, 3, 4].map(() => store.decide([narrow])[0]?.kind)
    expect(kinds).toEqual(['allowed', 'allowed', 'allowed', 'denied'])
    expect(store.decide([{ ...narrow, quotas: bound[0]! }])).toMatchObject([{ kind: 'allowed', remaining: 5 }])
  })

  it('counts a request under two zones of one name one after the other', () => {
    const store = memoryStore({ clock: fakeClock() })
    const twins: Charge[] = ['3/minute', '3/minute'].map((text) => chargeOf(ruleOf('towns', quotas(text)), ALICE, 2))
    expect(store.decide(twins)).toMatchObject([{ kind: 'allowed', taken: 0 }, { kind: 'impossible' }])
  })

  it('counts nothing for a charge without quotas', () => {
    const store = memoryStore({ clock: fakeClock() })
    const limited = chargeOf(ruleOf('towns', quotas('1/minute')), ALICE)
    const unlimited = { ...limited, quotas: [] }
    expect(store.decide([unlimited])).toMatchObject([{ kind: 'allowed', taken: 0 }])
    expect(store.decide([unlimited, limited])).toMatchObject([{ taken: 0 }, { kind: 'allowed', remaining: 0 }])
  })
})
