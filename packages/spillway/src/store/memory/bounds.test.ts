import { describe, expect, it } from 'vitest'
import type { Charge } from '../../core/charge.js'
import { makeQuota } from '../../core/make-quota.js'
import { quotas } from '../../core/quota-parser.js'
import { HOUR, SECOND } from '../../core/units.js'
import { fakeClock } from '../../testing/fake-clock.js'
import type { StoreRule } from '../../testing/program.js'
import { chargeOf, ruleOf } from '../../testing/program.js'
import { seededRandom } from '../../testing/random.js'
import { memoryStore } from './memory.js'
import type { MemoryStats, MemoryStore } from './store-of.js'

const ALICE = 'user:alice'
const MEBIBYTE = 1024 * 1024

function kindOf(store: MemoryStore, charge: Charge): string | undefined {
  return store.decide([charge])[0]?.kind
}

/** Sweeps so often that every segment had its turn, and its twin was joined. */
function sweepAll(store: MemoryStore): void {
  for (let i = 0; i < 5_000; i++) store.sweep()
}

function bucketRule(name = 'api'): StoreRule {
  return ruleOf(name, [makeQuota({ algorithm: 'token-bucket', limit: 5, window: SECOND })])
}

describe('a memory store that grows', () => {
  it('holds 300,000 partitions in a hundred bytes each, and gives the memory back once they are spent', () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const rule = bucketRule()
    for (let i = 0; i < 300_000; i++) store.decide([chargeOf(rule, `user:${i}`, 2)])
    expect(store.stats().partitions).toBe(300_000)
    expect(store.stats().bytes).toBeLessThan(300_000 * 100)
    for (let i = 0; i < 300_000; i += 1_009) {
      expect(store.peek([chargeOf(rule, `user:${i}`)])).toMatchObject([{ remaining: 3 }])
    }

    clock.advance(SECOND)
    sweepAll(store)
    expect(store.stats()).toEqual({ partitions: 0, bytes: 1_024 * 8 * 4, overflowed: 0 })
    expect(store.decide([chargeOf(rule, 'user:7', 5)])).toMatchObject([{ kind: 'allowed', remaining: 0 }])
  })

  it('drops only what is spent, while charges go on', () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const [brief, long] = [ruleOf('brief', quotas('5/second')), ruleOf('long', quotas('5/hour'))]
    for (let i = 0; i < 5_000; i++) {
      store.decide([chargeOf(brief, `user:${i}`, 5)])
      store.decide([chargeOf(long, `user:${i}`, 5)])
    }
    clock.advance(2 * SECOND)
    sweepAll(store)
    expect(store.stats().partitions).toBe(5_000)
    for (let i = 0; i < 5_000; i += 97) expect(kindOf(store, chargeOf(long, `user:${i}`))).toBe('denied')
  })

  it('keeps a block whose counts are spent', () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const rule = ruleOf('login', quotas('1/second'), { for: HOUR, everywhere: false })
    store.decide([chargeOf(rule, ALICE)])
    store.decide([chargeOf(rule, ALICE)])
    clock.advance(HOUR - 1)
    sweepAll(store)
    expect(store.decide([chargeOf(rule, ALICE)])).toMatchObject([{ kind: 'blocked', retryAfter: 1 }])
    clock.advance(1)
    sweepAll(store)
    expect(store.stats().partitions).toBe(0)
  })
})

describe('a memory store that is full', () => {
  it('stays bounded under two million clients, and keeps who was denied and blocked before them', async () => {
    const clock = fakeClock()
    const full: MemoryStats[] = []
    const store = memoryStore({ clock, maxPartitions: 100_000, onFull: (stats) => full.push(stats) })
    const api = ruleOf('api', [makeQuota({ algorithm: 'token-bucket', limit: 2_500, window: HOUR })])
    const login = ruleOf('login', quotas('1/hour'), { for: HOUR, everywhere: false })
    const [spent, blocked] = [chargeOf(api, ALICE, 2_500), chargeOf(login, ALICE)]
    store.decide([spent])
    store.decide([blocked])
    store.decide([blocked])

    for (let i = 0; i < 2_000_000; i++) store.decide([chargeOf(api, `ip:${i}`)])
    await Promise.resolve()
    expect(full).toHaveLength(1)
    expect(full[0]?.partitions).toBe(100_000)
    expect(store.stats().partitions).toBe(100_000)
    expect(store.stats().bytes).toBeLessThan(10 * MEBIBYTE)
    expect(store.stats().overflowed).toBe(2_000_000 - 99_998)
    expect(kindOf(store, chargeOf(api, ALICE))).toBe('denied')
    expect(kindOf(store, blocked)).toBe('blocked')
  }, 180_000)

  it('lets newcomers share a thousand partitions, each with the whole limit and no more', () => {
    const store = memoryStore({ clock: fakeClock(), maxPartitions: 1 })
    const rule = ruleOf('api', quotas('3/hour'))
    store.decide([chargeOf(rule, ALICE)])
    const allowed = Array.from({ length: 20_000 }, (_, i) => kindOf(store, chargeOf(rule, `ip:${i}`)))
    expect(allowed.filter((kind) => kind === 'allowed')).toHaveLength(3_000)
    expect(store.stats().partitions).toBe(1)
  })

  it.each(['3/hour', { algorithm: 'token-bucket', limit: 3, window: HOUR } as const])(
    'hands no unit of %j out twice when a newcomer gets a record of its own',
    (quota) => {
      const clock = fakeClock()
      const store = memoryStore({ clock, maxPartitions: 1 })
      const [brief, long] = [
        ruleOf('brief', quotas('1/second')),
        ruleOf('long', typeof quota === 'string' ? quotas(quota) : [makeQuota(quota)]),
      ]
      const bob = chargeOf(long, 'user:bob')
      store.decide([chargeOf(brief, ALICE)])
      store.decide([bob])
      store.decide([bob])
      expect(store.stats()).toMatchObject({ partitions: 1, overflowed: 2 })

      clock.advance(SECOND)
      sweepAll(store)
      expect(store.stats().partitions).toBe(0)
      expect(kindOf(store, bob)).toBe('allowed')
      expect(store.stats()).toMatchObject({ partitions: 1, overflowed: 2 })
      expect(kindOf(store, bob)).toBe('denied')
    },
  )

  it('tells of being full once, and again only after a tenth was free', async () => {
    const clock = fakeClock()
    let told = 0
    const store = memoryStore({ clock, maxPartitions: 100, onFull: () => told++ })
    const rule = bucketRule()
    const fill = (name: string) => {
      for (let i = 0; i < 200; i++) store.decide([chargeOf(rule, `${name}:${i}`)])
    }
    fill('a')
    fill('b')
    await Promise.resolve()
    expect(told).toBe(1)
    clock.advance(SECOND)
    fill('c')
    await Promise.resolve()
    expect(told).toBe(2)
  })

  it('gives units back to newcomers, and unblocks them', () => {
    const store = memoryStore({ clock: fakeClock(), maxPartitions: 1 })
    const rule = ruleOf('api', quotas('1/hour'), { for: HOUR, everywhere: false })
    store.decide([chargeOf(rule, ALICE)])
    const bob = chargeOf(rule, 'user:bob')
    const [decision] = store.decide([bob])
    store.refund([{ zone: rule.zone, partition: 'user:bob', cost: 1, decision: decision! }])
    expect(kindOf(store, bob)).toBe('allowed')
    store.decide([bob])
    expect(kindOf(store, bob)).toBe('blocked')
    store.unblock(rule.zone, 'user:bob')
    expect(kindOf(store, bob)).toBe('denied')
  })
})

describe('a memory store that reaches maxBytes', () => {
  it('merges logs rather than grow, and admits no more than the limit in any window', () => {
    const clock = fakeClock()
    const maxBytes = MEBIBYTE / 4
    const store = memoryStore({ clock, maxBytes })
    const [limit, window, clients] = [20, SECOND, 500]
    const rule = ruleOf('api', quotas(`${limit}/second`))
    const random = seededRandom(1)
    const admitted: number[][] = Array.from({ length: clients }, () => [])
    for (let i = 0; i < 60_000; i++) {
      clock.advance(random.int(0, 60))
      const client = random.int(0, clients - 1)
      if (kindOf(store, chargeOf(rule, `ip:${client}`)) === 'allowed') admitted[client]?.push(clock.now())
      if (i % 1_000 === 0) expect(store.stats().bytes).toBeLessThanOrEqual(maxBytes)
    }
    for (const times of admitted) {
      expect(times.length).toBeGreaterThan(limit)
      const tooSoon = times.some((at, i) => i >= limit && at - (times[i - limit] as number) < window)
      expect(tooSoon).toBe(false)
    }
  })

  it('takes no newcomer in that its bytes have no room for', async () => {
    let told = 0
    const store = memoryStore({ clock: fakeClock(), maxBytes: MEBIBYTE, onFull: () => told++ })
    const rule = ruleOf('api', quotas('5/hour'))
    for (let i = 0; i < 100_000; i++) store.decide([chargeOf(rule, `ip:${i}`)])
    expect(store.stats().bytes).toBeLessThanOrEqual(MEBIBYTE)
    expect(store.stats().overflowed).toBe(5 * 1_000)
    await Promise.resolve()
    expect(told).toBe(1)
  })
})
