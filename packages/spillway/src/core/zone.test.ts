import { describe, expect, it } from 'vitest'
import { makeQuota } from './make-quota.js'
import { quota, quotas } from './quota-parser.js'
import { MINUTE } from './units.js'
import { compileZone, everywhereZone } from './zone.js'

describe('compileZone', () => {
  it('gives every algorithm and window of its rules one counter, in the order of their first mention', () => {
    const rules = [quotas('10/second; 200/minute'), [quota('5/minute'), quota('100/day')], []]
    const { zone, bound } = compileZone('user-api', rules)

    expect(zone).toEqual({ name: 'user-api', counters: [rules[0]?.[0], rules[0]?.[1], rules[1]?.[1]] })
    expect(bound.map((each) => each.map(({ counter }) => counter))).toEqual([[0, 1], [1, 2], []])
    expect(bound[1]?.[0]?.quota.limit).toBe(5)
  })

  it.each([
    ['algorithms', { algorithm: 'token-bucket' }, { algorithm: 'sliding-window' }],
    ['alignments', { algorithm: 'fixed-window', align: 'first' }, { algorithm: 'fixed-window', align: 'clock' }],
    ['resolutions', { resolution: 60 }, { resolution: 10 }],
  ] as const)('counts apart what is of different %s', (_, a, b) => {
    const rule = [a, b].map((options) => makeQuota({ limit: 1, window: MINUTE, ...options }))
    expect(compileZone('z', [rule]).zone.counters).toHaveLength(2)
  })

  it('counts calendars of different units or time zones apart, and equal ones together', () => {
    const day = makeQuota({ limit: 1, every: 'day', timezone: 'Europe/Berlin' })
    const sameDay = makeQuota({ limit: 9, every: 'day', timezone: 'Europe/Berlin' })
    const otherDay = makeQuota({ limit: 1, every: 'day' })
    const month = makeQuota({ limit: 1, every: 'month', timezone: 'Europe/Berlin' })
    expect(compileZone('z', [[day, sameDay, otherDay, month]]).zone.counters).toEqual([day, otherDay, month])
  })

  it('refuses token buckets of one window that differ in limit or burst, and says how to mend it', () => {
    const bucket = (limit: number, burst: number) =>
      makeQuota({ algorithm: 'token-bucket', limit, window: MINUTE, burst })
    const mending = /zone login .* make them alike, or give one rule a zone of its own/
    expect(() => compileZone('login', [[bucket(5, 5)], [bucket(6, 5)]])).toThrow(mending)
    expect(() => compileZone('login', [[bucket(5, 5)], [bucket(5, 6)]])).toThrow(RangeError)
    expect(compileZone('login', [[bucket(5, 5)], [bucket(5, 5)]]).zone.counters).toHaveLength(1)
  })

  it('remembers the zone of the blocks that hold everywhere, which counts nothing', () => {
    const everywhere = everywhereZone()
    expect(compileZone('z', [], everywhere).zone.everywhere).toBe(everywhere)
    expect(everywhere.counters).toEqual([])
    expect(everywhere.name).toContain('*')
  })
})
