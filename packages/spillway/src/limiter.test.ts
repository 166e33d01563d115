import { describe, expect, it } from 'vitest'
import type { Decision } from './core/decision.js'
import { StoreError } from './core/decision.js'
import { makeQuota } from './core/make-quota.js'
import { quota, quotas } from './core/quota-parser.js'
import { MINUTE, SECOND } from './core/units.js'
import type { CostOption, LimiterOptions } from './limiter.js'
import { createLimiter } from './limiter.js'
import { memoryStore } from './store/memory/memory.js'
import type { Store } from './store/store.js'
import { fakeClock } from './testing/fake-clock.js'
import { plainStore } from './testing/plain-store.js'
import { seededRandom } from './testing/random.js'

function made(options: Omit<LimiterOptions, 'store'>) {
  const clock = fakeClock()
  return { clock, limiter: createLimiter({ ...options, store: memoryStore({ clock }) }) }
}

describe('charge', () => {
  it('answers without a promise from the memory store', () => {
    const { limiter } = made({ quotas: '1/minute' })
    expect(limiter.charge('alice')).toMatchObject({ kind: 'allowed', limit: 1, remaining: 0, taken: 1 })
    expect(limiter.charge('alice')).toMatchObject({ kind: 'denied', retryAfter: MINUTE })
    expect(limiter.charge('bob')).toMatchObject({ kind: 'allowed' })
  })

  it('answers with a promise where the store does', async () => {
    const memory = memoryStore({ clock: fakeClock() })
    const store: Store = { ...memory, decide: async (charges) => memory.decide(charges) }
    const limiter = createLimiter({ quotas: '1/minute', store })
    const charged = limiter.charge('alice')
    expect(charged).toBeInstanceOf(Promise)
    expect(await charged).toMatchObject({ kind: 'allowed' })
  })

  it('allows the same cost at retryAfter and not a microsecond sooner', () => {
    const { clock, limiter } = made({ quotas: '3/minute' })
    limiter.charge('alice', { cost: 3 })
    clock.advance('10s')
    const { retryAfter } = limiter.charge('alice') as Extract<Decision, { kind: 'denied' }>
    clock.advance(retryAfter - 1)
    expect(limiter.charge('alice')).toMatchObject({ kind: 'denied', retryAfter: 1 })
    clock.advance(1)
    expect(limiter.charge('alice')).toMatchObject({ kind: 'allowed' })
  })

  it('holds every quota of a list, a text and a mixture', () => {
    for (const given of [
      '2/second; 3/minute',
      ['2/second', '3/minute'],
      quotas('2/second; 3/minute'),
      ['2/s', quota('3/m')],
    ]) {
      const { clock, limiter } = made({ quotas: given })
      expect(limiter.charge('alice', { cost: 2 })).toMatchObject({ kind: 'allowed' })
      clock.advance('1s')
      expect(limiter.charge('alice', { cost: 2 })).toMatchObject({ kind: 'denied' })
      expect(limiter.charge('alice', { cost: 1 })).toMatchObject({ kind: 'allowed' })
    }
  })

  it('takes a quota as a policy has it, with the same faults', () => {
    const { limiter, clock } = made({ quotas: { limit: 2, window: '10s', algorithm: 'token-bucket' } })
    expect(limiter.charge('alice', { cost: 2 })).toMatchObject({ kind: 'allowed' })
    clock.advance('5s')
    expect(limiter.peek('alice')).toMatchObject({ kind: 'allowed', remaining: 1 })
    expect(() => made({ quotas: { limit: 2, every: 'day', window: '1d' } })).toThrow('window is only for')
    expect(() => made({ quotas: null as unknown as string })).toThrow(TypeError)
  })

  it('calls a cost above the limit impossible', () => {
    const { limiter } = made({ quotas: '5/minute' })
    expect(limiter.charge('alice', { cost: 6 })).toMatchObject({ kind: 'impossible', largestCost: 5 })
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', null])(
    'refuses the cost %j by a RangeError',
    (cost) => {
      const { limiter } = made({ quotas: '5/minute' })
      expect(() => limiter.charge('alice', { cost: cost as number })).toThrow(RangeError)
      expect(limiter.peek('alice')).toMatchObject({ remaining: 5 })
    },
  )

  it('refuses a bare number for a cost: it would count one unit', () => {
    const { limiter } = made({ quotas: '5/minute' })
    expect(() => limiter.charge('alice', 3 as unknown as CostOption)).toThrow(/\{ cost: 3 \}/)
    expect(limiter.peek('alice')).toMatchObject({ remaining: 5 })
  })

  it('refuses a misspelt cost, in the place of which one unit would count', () => {
    const { limiter } = made({ quotas: '5/minute' })
    const misspelt = { cots: 3 } as CostOption
    expect(() => limiter.charge('alice', misspelt)).toThrow(
      new TypeError('charge: there is no option "cots", only cost'),
    )
    expect(() => limiter.peek('alice', misspelt)).toThrow(new TypeError('peek: there is no option "cots", only cost'))
    expect(limiter.charge('alice', {})).toMatchObject({ remaining: 4 })
  })

  it.each([undefined, null, 7, {}])('refuses the partition %j by a TypeError', (partition) => {
    const { limiter } = made({ quotas: '5/minute' })
    expect(() => limiter.charge(partition as unknown as string)).toThrow(TypeError)
  })

  it.each(['sliding-window', 'fixed-window', 'token-bucket'] as const)(
    'answers 5,000 random charges on a %s as the plain store does, with a block and without',
    (algorithm) => {
      for (const block of ['block', 'no block']) {
        const clock = fakeClock()
        const limits = {
          quotas: makeQuota({ limit: 7, window: SECOND, algorithm }),
          ...(block === 'block' && { block: '2s' }),
        }
        const fast = createLimiter({ ...limits, store: memoryStore({ clock }) })
        const plain = createLimiter({ ...limits, store: plainStore(clock) })
        const random = seededRandom(block.length)
        for (let i = 0; i < 5_000; i++) {
          clock.advance(random.int(0, 200_000))
          const partition = random.pick(['alice', 'alice', 'bob'])
          const cost = random.oneIn(10) ? random.int(1, 8) : 1
          expect(fast.charge(partition, { cost }), `charge ${i}`).toEqual(plain.charge(partition, { cost }))
        }
      }
    },
  )
})

describe('the other methods', () => {
  it('peek spends nothing', () => {
    const { limiter } = made({ quotas: '2/minute' })
    expect(limiter.peek('alice', { cost: 2 })).toMatchObject({ kind: 'allowed', remaining: 2, taken: 0 })
    expect(limiter.charge('alice', { cost: 2 })).toMatchObject({ kind: 'allowed' })
  })

  it('refund gives units back, by cost or by decision', () => {
    const { limiter } = made({ quotas: '4/minute' })
    const decision = limiter.charge('alice', { cost: 3 }) as Decision
    limiter.refund('alice', { decision })
    expect(limiter.peek('alice')).toMatchObject({ remaining: 4 })
    limiter.charge('alice', { cost: 3 })
    limiter.refund('alice', { cost: 2 })
    expect(limiter.peek('alice')).toMatchObject({ remaining: 3 })
    limiter.refund('alice')
    expect(limiter.peek('alice')).toMatchObject({ remaining: 4 })
  })

  it('refund refuses a misspelt decision, without which other units would be given back', () => {
    const { limiter } = made({ quotas: '4/minute' })
    const decision = limiter.charge('alice', { cost: 3 })
    const misspelt = { descision: decision } as { decision?: Decision }
    expect(() => limiter.refund('alice', misspelt)).toThrow(
      'refund: there is no option "descision", only cost, decision',
    )
    expect(limiter.peek('alice')).toMatchObject({ remaining: 1 })
  })

  it('reset forgets counts and block', () => {
    const { limiter } = made({ quotas: '1/minute', block: '15m' })
    limiter.charge('alice')
    limiter.charge('alice')
    limiter.reset('alice')
    expect(limiter.charge('alice')).toMatchObject({ kind: 'allowed' })
  })

  it('a denial starts the block, which later charges meet and do not extend', () => {
    const { clock, limiter } = made({ quotas: '1/second', block: '15m' })
    limiter.charge('alice')
    expect(limiter.charge('alice')).toMatchObject({ kind: 'denied', retryAfter: 15 * MINUTE })
    clock.advance('14m')
    expect(limiter.charge('alice')).toMatchObject({ kind: 'blocked', retryAfter: MINUTE })
    clock.advance('1m')
    expect(limiter.charge('alice')).toMatchObject({ kind: 'allowed' })
  })

  it('block refuses for a while, and unblock ends it', () => {
    const { clock, limiter } = made({ quotas: '9/minute' })
    limiter.block('alice', '2s')
    expect(limiter.charge('alice')).toMatchObject({ kind: 'blocked', retryAfter: 2 * SECOND })
    limiter.unblock('alice')
    expect(limiter.charge('alice')).toMatchObject({ kind: 'allowed' })
    limiter.block('alice', SECOND)
    clock.advance('1s')
    expect(limiter.charge('alice')).toMatchObject({ kind: 'allowed' })
  })

  it.each([0, -1, 0.5, Number.NaN])('a block of %j microseconds is a RangeError', (span) => {
    expect(() => made({ quotas: '1/minute' }).limiter.block('alice', span)).toThrow(RangeError)
    expect(() => made({ quotas: '1/minute', block: span })).toThrow(RangeError)
  })
})

describe('createLimiter', () => {
  it('shares counts between limiters of one name on one store, and no others', () => {
    const store = memoryStore({ clock: fakeClock() })
    const logins = createLimiter({ quotas: '1/minute', store, name: 'login' })
    const again = createLimiter({ quotas: '1/minute', store, name: 'login' })
    const others = createLimiter({ quotas: '1/minute', store, name: 'signup' })
    logins.charge('alice')
    expect(again.charge('alice')).toMatchObject({ kind: 'denied' })
    expect(others.charge('alice')).toMatchObject({ kind: 'allowed' })
  })

  it('refuses a second limiter without a name on one store, whose counts would mix unseen', () => {
    const store = memoryStore()
    createLimiter({ quotas: '1/minute', store })
    expect(() => createLimiter({ quotas: '1/minute', store })).toThrow(/give each a name/)
  })

  it.each([
    { quotas: '1/fortnight' },
    { quotas: '1/minute', block: 0 },
    { quotas: '1/minute', onStoreFailure: 'open' },
  ])('leaves the one place without a name to the next where it was refused for %j', (options) => {
    const store = memoryStore()
    expect(() => createLimiter({ ...options, store } as LimiterOptions)).toThrow(Error)
    expect(createLimiter({ quotas: '1/minute', store }).charge('alice')).toMatchObject({ kind: 'allowed' })
  })

  it('has a store of its own unless one is given', () => {
    const one = createLimiter({ quotas: '1/minute' })
    const other = createLimiter({ quotas: '1/minute' })
    one.charge('alice')
    expect(other.charge('alice')).toMatchObject({ kind: 'allowed' })
  })

  it.each(['', '*', '-a', 'a b', 'x'.repeat(65), 7])('refuses the name %j', (name) => {
    const make = () => createLimiter({ quotas: '1/minute', name: name as string })
    expect(make).toThrow(TypeError)
    expect(make).toThrow('name must be 1 to 64 letters, digits or _ . : / -')
  })

  it.each([
    ['', 'nothing there'],
    ['10', 'expected "/" or "per" after the limit'],
    ['0/day', 'a limit is at least 1'],
    ['1/fortnight', '"fortnight" is not a unit of time'],
    [[], 'a limiter needs at least one quota'],
  ])('refuses the quotas %j', (given, message) => {
    expect(() => createLimiter({ quotas: given })).toThrow(message)
  })

  it.each([
    ['a misspelt option', { quotas: '1/minute', blok: '15m' }, /no option "blok", only quotas, block/],
    ['no quotas', {}, /quotas must be text such as 10\/minute, not undefined/],
    ['null for quotas', { quotas: null }, /quotas must be text such as 10\/minute, not null/],
    ['a client in the place of a store', { quotas: '1/minute', store: { get: () => 1 } }, /store: expected a store/],
    ['another failure policy', { quotas: '1/minute', onStoreFailure: 'open' }, /"local" or "allow" or "deny"/],
    ['quotas alone', '1/minute', /expected an object of options/],
  ])('refuses %s', (_, options, message) => {
    expect(() => createLimiter(options as unknown as LimiterOptions)).toThrow(message)
  })

  it('checks a quota that was made by hand', () => {
    const forged = { ...makeQuota({ limit: 1, window: SECOND }), limit: Number.NaN }
    expect(() => createLimiter({ quotas: forged })).toThrow(RangeError)
    const calendar = makeQuota({ limit: 1, every: 'day', timezone: 'Europe/Berlin' })
    expect(made({ quotas: calendar }).limiter.charge('alice')).toMatchObject({ kind: 'allowed' })
  })
})

describe('a store that fails', () => {
  const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
  const fail = () => Promise.reject(cause)
  const down: Store = { decide: fail, peek: fail, refund: fail, block: fail, unblock: fail, reset: fail }

  it('is stood in for by a count in this process', async () => {
    const limiter = createLimiter({ quotas: '1/minute', store: { ...down } })
    expect(await limiter.charge('alice')).toMatchObject({ kind: 'allowed', remaining: 0 })
    expect(await limiter.peek('alice')).toMatchObject({ kind: 'denied' })
    expect(await limiter.charge('alice')).toMatchObject({ kind: 'denied' })
    await expect(limiter.reset('alice')).rejects.toBe(cause)
  })

  it.each(['allow', 'deny'] as const)('leaves the decision unknown under %s', async (onStoreFailure) => {
    const limiter = createLimiter({ quotas: '1/minute', store: { ...down }, onStoreFailure })
    expect(await limiter.charge('alice')).toEqual({ kind: 'unknown', cause })
    expect(await limiter.peek('alice')).toEqual({ kind: 'unknown', cause })
  })
})
