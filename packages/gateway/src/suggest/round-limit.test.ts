import { expect, test } from 'vitest'
import { nextLimit, roundLimit } from './round-limit.js'

test.each([
  [1, 5],
  [4, 5],
  [5, 8],
  [8, 10],
  [9, 12],
  [24, 30],
  [40, 50],
  [41, 60],
  [80, 100],
  [81, 120],
  [1_000, 1_500],
  [123_456, 200_000],
])('what needs %i is written as %i', (needed, limit) => {
  expect(roundLimit(needed)).toBe(limit)
})

test('the next limit is higher, and as round', () => {
  expect([5, 8, 10, 100, 150].map(nextLimit)).toEqual([6, 10, 12, 120, 200])
})
