import { describe, expect, it } from 'vitest'
import type { Micros } from '../core/units.js'
import { MINUTE, SECOND } from '../core/units.js'
import { readLimits } from './read-limits.js'

const NOW: Micros = Date.UTC(2026, 0, 1) * 1000
const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT'

function told(headers: Readonly<Record<string, string>>) {
  return readLimits(new Headers(headers), NOW)
}

const reading = (
  policy: string,
  remaining: number,
  seconds?: number,
  limit?: number,
  window?: number,
  requests = true,
) => ({
  policy,
  remaining,
  resetAfter: seconds === undefined ? undefined : seconds * SECOND,
  limit,
  window: window === undefined ? undefined : window * SECOND,
  requests,
})

describe('the generations of fields', () => {
  it.each([
    ['draft 11, one policy', { ratelimit: '"default";r=50;t=30' }, [reading('default', 50, 30)]],
    [
      'draft 11, two policies, told apart by name',
      { ratelimit: '"burst";r=9;t=5, "daily";r=800', 'ratelimit-policy': '"burst";q=100;w=60,"daily";q=1000;w=86400' },
      [reading('burst', 9, 5, 100, 60), reading('daily', 800, undefined, 1000, 86_400)],
    ],
    [
      'draft 11, a partition key, and bytes for units',
      {
        ratelimit: '"peruser";r=999;pk=:dHJpYWw=:',
        'ratelimit-policy': '"peruser";q=65535;qu="content-bytes";w=10;pk=:dHJpYWw=:',
      },
      [reading('peruser :dHJpYWw=:', 999, undefined, 65_535, 10, false)],
    ],
    [
      'express-rate-limit, draft-8',
      {
        ratelimit: '"100-in-15min"; r=99; t=900',
        'ratelimit-policy': '"100-in-15min"; q=100; w=900; pk=:ZTNiMGM0NDI5OGZj:',
      },
      [reading('100-in-15min', 99, 900)],
    ],
    [
      'express-rate-limit, draft-7',
      { ratelimit: 'limit=100, remaining=99, reset=900', 'ratelimit-policy': '100;w=900' },
      [reading('default', 99, 900, 100, 900)],
    ],
    [
      'express-rate-limit, draft-6',
      {
        'ratelimit-limit': '100',
        'ratelimit-remaining': '99',
        'ratelimit-reset': '900',
        'ratelimit-policy': '100;w=900',
      },
      [reading('default', 99, 900, 100, 900)],
    ],
    [
      'draft 03, policies inside the limit',
      { 'ratelimit-limit': '10, 10;w=1, 50;w=60', 'ratelimit-remaining': '9', 'ratelimit-reset': '1' },
      [reading('default', 9, 1, 10, 1)],
    ],
    [
      'GitHub, reset as seconds of the epoch, by the resource',
      {
        'x-ratelimit-limit': '5000',
        'x-ratelimit-remaining': '4999',
        'x-ratelimit-reset': '1767229200',
        'x-ratelimit-resource': 'core',
      },
      [reading('core', 4999, 3600, 5000)],
    ],
    [
      'reset as milliseconds of the epoch',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225601500' },
      [reading('default', 0, 1.5)],
    ],
    [
      'reset as seconds from now',
      { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '30' },
      [reading('default', 3, 30, 10)],
    ],
    [
      'reset as an ISO date',
      { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '2026-01-01T01:00:30+01:00' },
      [reading('default', 3, 30)],
    ],
    [
      'reset as an HTTP-date',
      { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': 'Thu, 01 Jan 2026 00:00:30 GMT' },
      [reading('default', 3, 30)],
    ],
    [
      'Discord, a decimal beside the moment',
      {
        'x-ratelimit-limit': '5',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1767225665.25',
        'x-ratelimit-reset-after': '1.25',
        'x-ratelimit-bucket': 'abcd',
      },
      [reading('abcd', 0, 1.25, 5)],
    ],
    [
      'X, the older name of the field',
      { 'x-rate-limit-limit': '900', 'x-rate-limit-remaining': '899', 'x-rate-limit-reset': '1767226500' },
      [reading('default', 899, 900, 900)],
    ],
    [
      'a moment that has passed',
      { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '1767225000' },
      [reading('default', 3, 0)],
    ],
    ['no field of a limit', { 'content-type': 'text/plain' }, []],
  ] as const)('are read: %s', (_, headers, readings) => {
    expect(told({ date: DATE, ...headers })?.readings).toEqual(readings)
  })

  it('count only the newest where an answer has several', () => {
    const fields = {
      ratelimit: '"a";r=1;t=2',
      'ratelimit-limit': '9',
      'ratelimit-remaining': '9',
      'ratelimit-reset': '9',
    }
    expect(told({ ...fields, 'x-ratelimit-remaining': '7' })?.readings).toEqual([reading('a', 1, 2)])
  })

  it('count dates from the answer’s own, where the clocks do not agree', () => {
    const date = 'Thu, 01 Jan 2026 05:00:00 GMT'
    expect(told({ date, 'retry-after': 'Thu, 01 Jan 2026 05:00:09 GMT' })?.retryAfter).toBe(9 * SECOND)
    expect(
      told({ date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767243660' })?.readings[0]?.resetAfter,
    ).toBe(MINUTE)
  })
})

describe('a malformed field', () => {
  it.each([
    'default;r=5',
    '"a";r=5.0',
    '"a";r=-1',
    '"a";r="5"',
    '"a"',
    '"a";t=5',
    '"a";r=5;t=-1',
    '"a";r=5;t=x',
    '"a";r=5;pk=a',
    '"a";r=5, b;r=1',
    '"a";r=5,',
    '("a");r=5',
    'limit=1, remaining=2',
    'limit=1, remaining=2, reset=1.5',
    '"a" r=5',
  ])('is ignored whole: RateLimit: %s', (ratelimit) => {
    expect(told({ ratelimit })?.readings).toEqual([])
  })

  it.each(['"a";q=1;w=0', '"a";w=60', '"a";q=1;w=1.5', '"a";q=1;qu=bytes', '"a";q=-1', '"a";q=100;w=60, "b"'])(
    'is ignored whole: RateLimit-Policy: %s',
    (policy) => {
      expect(told({ ratelimit: '"a";r=5;t=1', 'ratelimit-policy': policy })?.readings).toEqual([reading('a', 5, 1)])
    },
  )

  it.each([
    ['x-ratelimit-remaining', '-1'],
    ['x-ratelimit-remaining', '5, 5'],
    ['ratelimit-remaining', '5;x='],
  ])('is ignored whole: %s: %s', (name, value) => {
    expect(told({ 'ratelimit-limit': '9', 'ratelimit-reset': '9', [name]: value })?.readings).toEqual([])
  })

  it.each(['soon', 'tomorrow', '1e3', '-5', '9'.repeat(400)])('is no reset: %s', (reset) => {
    expect(told({ 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': reset })?.readings).toEqual([
      reading('default', 5),
    ])
  })
})

describe('Retry-After', () => {
  it.each([
    ['120', 120],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:02:00 GMT', 120],
    ['Thursday, 01-Jan-26 00:02:00 GMT', 120],
    ['Thu Jan  1 00:02:00 2026', 120],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
  ])('is read as %s', (field, seconds) => {
    expect(told({ date: DATE, 'retry-after': field })?.retryAfter).toBe(seconds * SECOND)
  })

  it.each(['', '1.5', '-1', '1 second', '2026-01-01', 'Thu, 01 Foo 2026 00:02:00 GMT', 'Infinity', '9'.repeat(400)])(
    'is not read as %j',
    (field) => {
      expect(told({ 'retry-after': field })?.retryAfter).toBeUndefined()
    },
  )
})

describe('an answer out of a cache', () => {
  it('says nothing that still holds', () => {
    const fields = { ratelimit: '"a";r=0;t=2', 'retry-after': '9' }
    expect(told({ ...fields, age: '3' })).toBeUndefined()
    expect(told({ ...fields, age: '0' })?.retryAfter).toBe(9 * SECOND)
  })
})
