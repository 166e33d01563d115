import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { QuotaOptions } from './make-quota.js'
import { makeQuota } from './make-quota.js'
import { sameCounter } from './same-counter.js'
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND, YEAR } from './units.js'

describe('makeQuota', () => {
  test('makes a sliding window with resolution 60 unless said otherwise', () => {
    const quota = makeQuota({ limit: 10, window: MINUTE })
    expect(quota).toEqual({ algorithm: 'sliding-window', limit: 10, window: MINUTE, resolution: 60 })
    expect(Object.isFrozen(quota)).toBe(true)
  })

  test('makes a fixed window that starts at its first charge unless said otherwise', () => {
    expect(makeQuota({ limit: 10, window: HOUR, algorithm: 'fixed-window' })).toEqual({
      algorithm: 'fixed-window',
      limit: 10,
      window: HOUR,
      align: 'first',
    })
  })

  test('makes a calendar window in UTC unless said otherwise', () => {
    expect(makeQuota({ limit: 10, every: 'month' })).toEqual({
      algorithm: 'fixed-window',
      limit: 10,
      align: 'calendar',
      every: 'month',
      timezone: 'UTC',
    })
  })

  test('makes a token bucket that holds its limit unless said otherwise', () => {
    expect(makeQuota({ limit: 10, window: MINUTE, algorithm: 'token-bucket' })).toMatchObject({ burst: 10 })
    expect(makeQuota({ limit: 10, window: MINUTE, algorithm: 'token-bucket', burst: 3 })).toMatchObject({ burst: 3 })
  })

  test('gives every quota of a kind its properties in one order', () => {
    const shuffled = makeQuota({ burst: 3, algorithm: 'token-bucket', window: MINUTE, limit: 10 })
    expect(Object.keys(shuffled)).toEqual(['algorithm', 'limit', 'window', 'burst'])
  })

  test.each<[string, unknown]>([
    ['limit must be', { limit: 0, window: SECOND }],
    ['limit must be', { limit: -1, window: SECOND }],
    ['limit must be', { limit: 1.5, window: SECOND }],
    ['limit must be', { limit: Number.NaN, window: SECOND }],
    ['limit must be', { limit: Number.POSITIVE_INFINITY, window: SECOND }],
    ['limit must be', { limit: '100', window: SECOND }],
    ['limit must be', { limit: 2 ** 52 + 1, window: SECOND }],
    ['window must be', { limit: 1 }],
    ['window must be', { limit: 1, window: 0 }],
    ['window must be', { limit: 1, window: 999 }],
    ['window must be', { limit: 1, window: 1000.5 }],
    ['window must be', { limit: 1, window: Number.NaN }],
    ['window must be', { limit: 1, window: 10 * YEAR + 1 }],
    ['resolution must be', { limit: 1, window: SECOND, resolution: 0 }],
    ['resolution must be', { limit: 1, window: SECOND, resolution: 1001 }],
    ['resolution is only for', { limit: 1, window: SECOND, algorithm: 'fixed-window', resolution: 60 }],
    ['burst is only for', { limit: 1, window: SECOND, burst: 5 }],
    ['burst must be', { limit: 1, window: SECOND, algorithm: 'token-bucket', burst: 0 }],
    ['align is only for', { limit: 1, window: SECOND, align: 'clock' }],
    ['align must be', { limit: 1, window: SECOND, algorithm: 'fixed-window', align: 'last' }],
    ['every is only for', { limit: 1, algorithm: 'token-bucket', every: 'day' }],
    ['every must be', { limit: 1, every: 'hour' }],
    ['window is only for', { limit: 1, every: 'day', window: DAY }],
    ['align is only for', { limit: 1, every: 'day', align: 'clock' }],
    ['timezone is only for', { limit: 1, window: DAY, algorithm: 'fixed-window', timezone: 'UTC' }],
    ['timezone must be', { limit: 1, every: 'day', timezone: 'Europe/Atlantis' }],
    ['algorithm must be', { limit: 1, window: SECOND, algorithm: 'leaky-bucket' }],
  ])('refuses with "%s …": %j', (message, options) => {
    expect(() => makeQuota(options as QuotaOptions)).toThrow(RangeError)
    expect(() => makeQuota(options as QuotaOptions)).toThrow(message)
  })

  test.each([
    [
      'there is no option "brust", only limit, window',
      { limit: 9, window: SECOND, algorithm: 'token-bucket', brust: 5 },
    ],
    ['expected an object of options', '10/minute'],
  ])('refuses with "%s": %j', (message, options) => {
    expect(() => makeQuota(options as QuotaOptions)).toThrow(TypeError)
    expect(() => makeQuota(options as QuotaOptions)).toThrow(message)
  })

  test('takes a window as a text with its unit, and no text without one', () => {
    expect(makeQuota({ limit: 5, window: '1m 30s' })).toEqual(makeQuota({ limit: 5, window: 90 * SECOND }))
    expect(() => makeQuota({ limit: 5, window: '90' })).toThrow('expected a unit of time')
    expect(() => makeQuota({ limit: 5, window: '11 years' })).toThrow('window must be')
  })

  test('takes windows from a millisecond to ten years', () => {
    expect(makeQuota({ limit: 1, window: MILLISECOND })).toMatchObject({ window: MILLISECOND })
    expect(makeQuota({ limit: 1, window: 10 * YEAR })).toMatchObject({ window: 10 * YEAR })
  })
})

describe('a token bucket that cannot be exact', () => {
  test('is refused with the next limits that can', () => {
    const make = (limit: number) => () => makeQuota({ limit, window: DAY, algorithm: 'token-bucket' })
    expect(make(1_000_003)).toThrow('write 1000000 or 1000005')
    expect(make(1_000_000)).not.toThrow()
    expect(make(1_000_005)).not.toThrow()
    for (const between of [1_000_001, 1_000_002, 1_000_004]) expect(make(between)).toThrow(RangeError)
  })

  test('is none where the rate is a round one, however large', () => {
    expect(makeQuota({ limit: 1e9, window: SECOND, algorithm: 'token-bucket' })).toMatchObject({ burst: 1e9 })
  })

  test('is refused with what to change where no limit is near', () => {
    const burst = 2 ** 52
    const make = () => makeQuota({ limit: 3, window: DAY, algorithm: 'token-bucket', burst })
    expect(make).toThrow('take a shorter window or a smaller burst')
  })

  test('names only limits that are taken', () => {
    const options = fc.record({ limit: fc.integer({ min: 1, max: 1e8 }), window: fc.integer({ min: 1000, max: 1e13 }) })
    fc.assert(
      fc.property(options, ({ limit, window }) => {
        try {
          makeQuota({ limit, window, algorithm: 'token-bucket' })
        } catch (error) {
          const offered =
            /write (.*)$/
              .exec((error as RangeError).message)?.[1]
              ?.split(' or ')
              .map(Number) ?? []
          for (const other of offered) {
            expect(other).not.toBe(limit)
            makeQuota({ limit: other, window, algorithm: 'token-bucket' })
          }
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('sameCounter', () => {
  const sliding = makeQuota({ limit: 10, window: MINUTE })
  const fixed = makeQuota({ limit: 10, window: MINUTE, algorithm: 'fixed-window' })
  const daily = makeQuota({ limit: 10, every: 'day', timezone: 'Europe/Berlin' })
  const bucket = makeQuota({ limit: 10, window: MINUTE, algorithm: 'token-bucket' })

  test('is true where only the limit differs', () => {
    expect(sameCounter(sliding, makeQuota({ limit: 99, window: MINUTE }))).toBe(true)
    expect(sameCounter(fixed, makeQuota({ limit: 99, window: MINUTE, algorithm: 'fixed-window' }))).toBe(true)
    expect(sameCounter(daily, makeQuota({ limit: 99, every: 'day', timezone: 'Europe/Berlin' }))).toBe(true)
    expect(sameCounter(bucket, makeQuota({ limit: 99, window: MINUTE, algorithm: 'token-bucket' }))).toBe(true)
  })

  test('is false where the window, its alignment or the algorithm differs', () => {
    const others = [
      sliding,
      fixed,
      daily,
      bucket,
      makeQuota({ limit: 10, window: HOUR }),
      makeQuota({ limit: 10, window: MINUTE, resolution: 10 }),
      makeQuota({ limit: 10, window: HOUR, algorithm: 'fixed-window' }),
      makeQuota({ limit: 10, window: MINUTE, algorithm: 'fixed-window', align: 'clock' }),
      makeQuota({ limit: 10, every: 'week', timezone: 'Europe/Berlin' }),
      makeQuota({ limit: 10, every: 'day', timezone: 'Asia/Tokyo' }),
      makeQuota({ limit: 10, window: HOUR, algorithm: 'token-bucket' }),
    ]
    for (const [i, a] of others.entries()) {
      for (const [j, b] of others.entries()) expect(sameCounter(a, b)).toBe(i === j)
    }
  })
})
