import { expect, test } from 'vitest'
import { mixedZone } from './mixed-zone.js'
import { policyOf } from './policy.fixture.js'

const zoneOf = (first: string, second: string) =>
  mixedZone(
    policyOf(`rules:
  - { name: users, path: /users, zone: api, quotas: ${first} }
  - { name: towns, path: /towns, zone: api, quotas: ${second} }`),
  )

test('rules of one zone with different quotas are named, with what they share', () => {
  expect(zoneOf('200/minute', '[100/s, 5000/hour]')).toMatchObject([
    {
      path: 'rules[1].zone',
      message: expect.stringContaining(
        'users (200/minute) and towns (100/second, 5000/hour) share the counts of zone api',
      ),
    },
  ])
})

test('the same number under another algorithm is another quota', () => {
  expect(zoneOf('10/s', '{ limit: 10, window: 1s, algorithm: fixed-window }')).toHaveLength(1)
})

test('the same number by the days of another place is another quota, and what differs is said', () => {
  expect(zoneOf('{ limit: 9, every: day }', '{ limit: 9, every: day, timezone: Asia/Tokyo }')).toMatchObject([
    { message: expect.stringContaining('towns (9/day, in another time zone') },
  ])
})

test('the same quotas in another order are not mixed, and unlimited shares nothing', () => {
  expect(zoneOf('[10/s, 100/m]', '100/m; 10/s')).toEqual([])
  expect(zoneOf('10/s', 'unlimited')).toEqual([])
})
