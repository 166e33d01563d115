import { describe, expect, it } from 'vitest'
import type { Charge } from '../core/charge.js'
import { makeQuota } from '../core/make-quota.js'
import { quota } from '../core/quota-parser.js'
import { compileZone } from '../core/zone.js'
import { fakeClock } from '../testing/fake-clock.js'
import { seededRandom } from '../testing/random.js'
import { memoryStore } from './memory/memory.js'
import { rehearsal } from './rehearsal.js'

const QUOTAS = [
  quota('5/10s'),
  quota('40/minute'),
  makeQuota({ limit: 4, window: 7_000_000, algorithm: 'fixed-window' }),
  makeQuota({ limit: 6, window: 10_000_000, algorithm: 'fixed-window', align: 'clock' }),
  makeQuota({ limit: 9, algorithm: 'fixed-window', every: 'day', timezone: 'Europe/Berlin' }),
  makeQuota({ limit: 3, window: 7_000_000, algorithm: 'token-bucket', burst: 5 }),
]

describe('a rehearsal', () => {
  it('answers what the next decision then is, to the microsecond, for every algorithm', () => {
    const random = seededRandom(2026)
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const { zone: shared, bound } = compileZone(
      'shared',
      QUOTAS.map((each) => [each]),
    )
    const own = compileZone('own', [[QUOTAS[0], QUOTAS[5]] as typeof QUOTAS])
    const kinds = new Set<string>()

    for (let step = 0; step < 4_000; step++) {
      clock.advance(random.oneIn(3) ? 0 : random.int(0, 4_000_000))
      const partition = `user:${random.int(0, 3)}`
      const block = random.oneIn(20) ? { for: random.int(1, 9_000_000), everywhere: false } : undefined
      const charge = (quotas: Charge['quotas'], zone: Charge['zone']): Charge => ({
        ...{ zone, partition, quotas, block },
        cost: random.int(1, random.oneIn(10) ? 12 : 3),
        onStoreFailure: 'local',
      })
      const charges = Array.from({ length: random.int(1, 3) }, () =>
        random.oneIn(2) ? charge(random.pick(bound), shared) : charge(own.bound[0] ?? [], own.zone),
      )
      const rehearsed = rehearsal(store, clock).decide(charges)
      expect(rehearsal(store, clock).decide(charges)).toEqual(rehearsed)
      const decided = store.decide(charges)
      expect(rehearsed).toEqual(decided)
      for (const { kind } of decided as readonly { kind: string }[]) kinds.add(kind)
    }
    expect([...kinds].sort()).toEqual(['allowed', 'blocked', 'denied', 'impossible'])
  })

  it('spends nothing and starts no block', () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const { zone, bound } = compileZone('towns', [[quota('1/minute')]])
    const charge: Charge = {
      ...{ zone, partition: 'user:alice', quotas: bound[0] ?? [], cost: 1, onStoreFailure: 'local' },
      block: { for: 600_000_000, everywhere: false },
    }
    for (let i = 0; i < 3; i++) expect(rehearsal(store).decide([charge])).toMatchObject([{ kind: 'allowed' }])
    store.decide([charge])
    for (let i = 0; i < 3; i++) {
      expect(rehearsal(store).decide([charge])).toMatchObject([{ kind: 'denied', retryAfter: 600_000_000 }])
    }
    expect(store.peek([charge])).toMatchObject([{ kind: 'denied', retryAfter: 60_000_000 }])
  })

  it('refuses to reset, to block and to unblock a partition', () => {
    const store = rehearsal(memoryStore())
    const { zone } = compileZone('towns', [[quota('1/minute')]])
    expect(() => store.reset(zone, 'user:alice')).toThrow(TypeError)
    expect(() => store.block(zone, 'user:alice', 1)).toThrow(TypeError)
    expect(() => store.unblock(zone, 'user:alice')).toThrow(TypeError)
  })
})
