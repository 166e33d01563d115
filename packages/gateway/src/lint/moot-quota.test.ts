import { expect, test } from 'vitest'
import { mootQuota } from './moot-quota.js'
import { policyOf } from './policy.fixture.js'

const mootOf = (quotas: string) =>
  mootQuota(policyOf(`rules: [{ path: /a, quotas: ${quotas} }]`)).map(({ message }) => message.split(' is never')[0])

test.each([
  ['[100/second, 50/minute]', '100/second'],
  ['[1/second, 60/minute]', '60/minute'],
  ['[1/second, 61/minute]', '61/minute'],
  ['[10/minute, 10/minute]', '10/minute'],
  ['[10/second, 16/1500ms, 20/1500ms]', '20/1500 milliseconds'],
  ['[10/hour, { limit: 5, every: day }]', '10/hour'],
  ['[{ limit: 100, every: day }, { limit: 100, every: month }]', '100/day'],
  ['[{ limit: 100, every: week }, { limit: 50, every: month }]', '100/week'],
  ['[{ limit: 100, every: day, timezone: Asia/Tokyo }, { limit: 50, every: month }]', '100/day'],
  ['[1000/day, { limit: 25000, every: month, algorithm: fixed-window, timezone: UTC }, 800/day]', '1000/day'],
])('in %s the quota %s is never reached', (quotas, moot) => {
  expect(mootOf(quotas)).toContain(moot)
})

test.each([
  ['[10/second, 200/minute, 400/day]'],
  ['[1/second, 59/minute]'],
  ['[10/second, 19/1500ms]'],
  ['10/minute'],
  // A long log is merged, so that a unit counts for up to a second longer than the minute.
  ['[10/second, 600/minute]'],
  // A fixed window may be drawn on at its end and at the start of the next.
  ['[{ limit: 1, window: 1s, algorithm: fixed-window }, 60/minute]'],
  ['[{ limit: 1, window: 1s, algorithm: token-bucket, burst: 10 }, 60/minute]'],
  // Five before midnight, and five after it.
  ['[9/hour, { limit: 5, every: day, algorithm: fixed-window, timezone: UTC }]'],
  ['[{ limit: 100, every: day }, { limit: 101, every: month }]'],
  ['[{ limit: 100, every: week }, { limit: 51, every: month }]'],
  ['[{ limit: 100, every: day, timezone: Asia/Tokyo }, { limit: 51, every: month }]'],
])('in %s every quota can refuse something', (quotas) => {
  expect(mootOf(quotas)).toEqual([])
})

test('a token bucket beside a smaller, slower one is never reached', () => {
  const bucket = (limit: number, burst: number) =>
    `{ limit: ${limit}, window: 1s, algorithm: token-bucket, burst: ${burst} }`

  expect(mootOf(`[${bucket(2, 10)}, { limit: 1, window: 2s, algorithm: token-bucket, burst: 5 }]`)).toHaveLength(1)
  expect(mootOf(`[${bucket(2, 10)}, { limit: 1, window: 2s, algorithm: token-bucket, burst: 20 }]`)).toEqual([])
})

test('in a zone that other rules fill past these quotas nothing can be told', () => {
  const policy = policyOf(`rules:
  - { path: /a, zone: z, quotas: [1/second, 60/minute] }
  - { path: /b, zone: z, quotas: 100/second }`)

  expect(mootQuota(policy)).toEqual([])
})

test('the place is that of the quota', () => {
  expect(mootQuota(policyOf('rules: [{ path: /a, quotas: [50/minute, 100/second] }]'))[0]?.path).toBe(
    'rules[0].quotas[1]',
  )
})
