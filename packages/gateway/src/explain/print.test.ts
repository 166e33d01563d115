import { expect, test } from 'vitest'
import { spanText } from './print.js'

test.each([
  [1, '1 millisecond'],
  [1_500_001, '1501 milliseconds'],
  [9_000_000, '9 seconds'],
  [10_000_001, '11 seconds'],
  [59_000_001, '1 minute'],
  [899_944_000, '15 minutes'],
  [898_944_000, '14 minutes 59 seconds'],
  [3_600_000_000, '1 hour'],
  [3_600_000_001, '1 hour 1 minute'],
  [86_399_999_999, '1 day'],
  [187_200_000_000, '2 days 4 hours'],
])('%d microseconds are told as %s', (span, text) => {
  expect(spanText(span)).toBe(text)
})
