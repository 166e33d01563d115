import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMoment } from './moment.js'

const AT = Date.UTC(2026, 0, 31, 13, 5, 7) * 1000

test('any moment from 1970 to 2255 is read as it is written, to the millisecond', () => {
  const moments = fc.date({ min: new Date(0), max: new Date('2255-06-01T00:00:00Z'), noInvalidDate: true })
  fc.assert(
    fc.property(moments, (moment) => {
      expect(readMoment(moment.toISOString(), 0)).toBe(moment.getTime() * 1000)
    }),
  )
})

test.each([
  ['2026-01-31T13:05:07Z', AT],
  ['2026-01-31 15:05:07', AT],
  ['2026-01-31T14:05:07,000001+0100', AT + 1],
  ['2026-01-31T13:05:07.1234567Z', AT + 123_456],
  ['31/Jan/2026:15:05:07', AT],
  ['31/Jan/2026:14:05:07 +0100', AT],
  ['1769864707', AT],
  ['1769864707.25', AT + 250_000],
  ['1769864707000', AT],
  ['1769864707000001', AT + 1],
  ['1769864707000001000', AT + 1],
  ['2016-12-31T23:59:60Z', Date.UTC(2016, 11, 31, 23, 59, 59) * 1000],
])('%s is read, where times without an offset are two hours ahead of UTC', (text, at) => {
  expect(readMoment(text, 7_200)).toBe(at)
})

test.each([
  ...['', 'yesterday', '-1', '2026-02-29T00:00:00Z', '2026-01-31T24:00:00Z', '2026-01-31T13:05:07+19:00'],
  ...['1969-12-31T23:59:59Z', '2256-01-01T00:00:00Z', '01/Jan/9999:00:00:00 +0000', '9'.repeat(11), '9'.repeat(30)],
])('%j is no moment whose microseconds can be counted', (text) => {
  expect(readMoment(text, 0)).toBeUndefined()
})
