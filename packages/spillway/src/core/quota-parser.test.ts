import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quota, quotas } from './quota-parser.js'
import { QuotaSyntaxError } from './quota-syntax.js'
import { faultOf } from './syntax-fault.fixture.js'
import { DAY, HOUR, MILLISECOND, MINUTE, MONTH, SECOND, WEEK, YEAR } from './units.js'

describe('quota', () => {
  test.each([
    // What the Python package takes.
    ['10/minute', 10, MINUTE],
    ['10 per minute', 10, MINUTE],
    ['10/5 minutes', 10, 5 * MINUTE],
    ['10 per 2 hours', 10, 2 * HOUR],
    ['1per5minute', 1, 5 * MINUTE],
    ['10perminute', 10, MINUTE],
    ['10 PER DAY', 10, DAY],
    ['5/ 3days', 5, 3 * DAY],
    ['7 / month', 7, MONTH],
    ['7/YEARS', 7, YEAR],
    ['1/second', 1, SECOND],
    // What is ours.
    ['10/s', 10, SECOND],
    ['500/15m', 500, 15 * MINUTE],
    ['1000/1h30m', 1000, 90 * MINUTE],
    ['10/min', 10, MINUTE],
    ['3/250ms', 3, 250 * MILLISECOND],
    ['10/week', 10, WEEK],
    ['10/2w', 10, 2 * WEEK],
    ['  10/minute \n', 10, MINUTE],
    ['4503599627370496/s', 2 ** 52, SECOND],
    ['1 per 10 years', 1, 10 * YEAR],
  ])('reads %j', (text, limit, window) => {
    expect(quota(text)).toEqual({ algorithm: 'sliding-window', limit, window, resolution: 60 })
  })

  test('takes exactly one', () => {
    const error = faultOf(() => quota('1/s; 5/m'))
    expect(error).toMatchObject({ index: 3 })
    expect(error.message).toContain('expected one quota, found several')
  })
})

describe('quotas', () => {
  test('reads what any of the three separators joins, in order', () => {
    expect(quotas('1/second; 5/minute|100/hour ,1000 per day').map(({ limit }) => limit)).toEqual([1, 5, 100, 1000])
  })

  test.each([
    ['', 0, 'nothing there: write for example "10/minute; 200/day"'],
    ['0/day', 0, 'a limit is at least 1'],
    ['1/s; 00/day', 5, 'a limit is at least 1'],
    ['10', 2, 'expected "/" or "per" after the limit, as in "10/minute", but the text ends'],
    ['10/', 3, 'expected a unit of time'],
    ['10/5', 4, 'expected a unit of time'],
    ['10 minute', 3, 'found "m"'],
    ['-1/day', 0, 'found "-"'],
    ['+1/day', 0, 'found "+"'],
    ['1.5/day', 1, 'decimals are not exact'],
    ['1/1.5 days', 3, 'decimals are not exact'],
    ['1e3/day', 1, 'found "e"'],
    ['10,000/day', 2, 'expected "/" or "per"'],
    ['10/minute;', 9, 'a quota is missing after this'],
    ['10/minute , ', 10, 'a quota is missing after this'],
    ['10/minute;;5/day', 10, 'found ";"'],
    [';10/minute', 0, 'found ";"'],
    ['10/minute:;5/day', 9, 'found ":"'],
    ['10/minute 5/day', 10, 'expected the end, or one of "," ";" "|", found "5"'],
    ['10/minuet', 3, 'did you mean "minute"?'],
    ['10/fortnight', 3, 'is not a unit of time'],
    ['10/M', 3, 'write "min" or "month"'],
    ['10//minute', 3, 'found "/"'],
    ['10 per per minute', 7, '"per" is not a unit of time'],
    ['10/0 minutes', 3, 'a window of no length'],
    ['10/11 years', 3, 'a window is at most 10 years'],
    ['4503599627370497/day', 0, 'at most 2^52'],
    ['9007199254740992/day', 0, 'below 2^53'],
    ['1/9007199254740992 days', 2, 'below 2^53'],
    ['1/9007199254740 days', 2, '2^53 microseconds'],
    ['unlimited', 0, 'found "u"'],
    ['１0/minute', 0, 'expected a limit'],
    [`10/minute${' '.repeat(1000)}`, 1000, 'more than 1000 characters'],
  ])('shows the place of the fault in %j', (text, index, message) => {
    const error = faultOf(() => quotas(text))
    expect(error).toMatchObject({ name: 'QuotaSyntaxError', text, index })
    expect(error.message).toContain(message)
  })

  test('never leaves a quota out', () => {
    const single = fc.constantFrom('10/minute', '5 per 2 hours', '1000/1h30m', '1/s', '3 PER 250 ms')
    const joint = fc.constantFrom(',', ';', '|', ' ; ', '\t|\n', ' ,')
    fc.assert(
      fc.property(fc.array(fc.tuple(single, joint), { minLength: 1, maxLength: 20 }), (parts) => {
        const text = parts.map(([one, separator], i) => (i === 0 ? one : separator + one)).join('')
        expect(quotas(text)).toEqual(parts.map(([one]) => quota(one)))
      }),
    )
  })

  test('gives quotas or a syntax error for any text', () => {
    const near = fc.string({ unit: fc.constantFrom(...'0123456789 /,;|:permonthsdayw.-'), maxLength: 40 })
    fc.assert(
      fc.property(fc.oneof(fc.string(), near, fc.string({ unit: 'binary' })), (text) => {
        try {
          return quotas(text).length > 0
        } catch (error) {
          return error instanceof QuotaSyntaxError && error.index >= 0 && error.index <= text.length
        }
      }),
      { numRuns: 2000 },
    )
  })
})
