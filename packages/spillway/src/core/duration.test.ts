import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, formatWait, parseDuration, QuotaSyntaxError } from './duration.js'
import { faultOf } from './syntax-fault.fixture.js'
import { DAY, HOUR, MILLISECOND, MINUTE, MONTH, SECOND, WEEK, YEAR } from './units.js'

describe('parseDuration', () => {
  test.each([
    ['500ms', 500 * MILLISECOND],
    ['1500ms', 1500 * MILLISECOND],
    ['30s', 30 * SECOND],
    ['15m', 15 * MINUTE],
    ['15min', 15 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['1 hour 30 minutes', 90 * MINUTE],
    ['2h', 2 * HOUR],
    ['7d', 7 * DAY],
    ['1w', WEEK],
    ['10 seconds', 10 * SECOND],
    ['1 hour', HOUR],
    ['2 MONTHS', 2 * MONTH],
    ['1year', YEAR],
    ['  5s\t', 5 * SECOND],
    ['0s', 0],
  ])('reads %j', (text, span) => {
    expect(parseDuration(text)).toBe(span)
  })

  test.each([
    ['', 0, 'nothing there'],
    ['   ', 3, 'nothing there'],
    ['10', 2, 'expected a unit of time, such as "s" or "minutes", but the text ends'],
    ['1.5s', 1, 'decimals are not exact'],
    ['-5s', 0, 'found "-"'],
    ['+5s', 0, 'found "+"'],
    ['s', 0, 'found "s"'],
    ['10 minuts', 3, 'did you mean "minute"?'],
    ['10 minuets', 3, 'did you mean "minutes"?'],
    ['1y', 1, 'did you mean "year"?'],
    ['1 yr', 2, 'did you mean "year"?'],
    ['6mo', 1, 'did you mean "month"?'],
    ['6 mon', 2, 'did you mean "month"?'],
    ['2 hrs', 2, 'did you mean "hours"?'],
    ['2wk', 1, 'did you mean "week"?'],
    ['10 fortnights', 3, 'one of ms, s, m'],
    ['1M', 1, 'write "min" or "month"'],
    ['30m1h', 3, 'larger units of time come first'],
    ['1h1h', 2, 'each once'],
    ['1h,', 2, 'expected the end'],
    ['9007199254740993s', 0, 'below 2^53'],
    ['1000000 years', 0, '2^53 microseconds'],
    ['٣s', 0, 'found "?"'],
  ])('shows the place of the fault in %j', (text, index, message) => {
    const error = faultOf(() => parseDuration(text))
    expect(error).toMatchObject({ name: 'QuotaSyntaxError', text, index })
    expect(error.message).toContain(message)
  })

  test('draws a caret under the fault', () => {
    expect(faultOf(() => parseDuration('10 minuts')).message).toBe(
      '"minuts" is not a unit of time: did you mean "minute"?\n  10 minuts\n     ^',
    )
  })

  test('keeps the caret in place in a long text, and control characters out of the message', () => {
    const lines = faultOf(() => parseDuration(`1h ${'\u001b'.repeat(200)}`)).message.split('\n')
    expect(lines[1]).toBe(`  1h ${'?'.repeat(40)}…`)
    expect(lines[2]).toBe('     ^')
  })

  test('refuses a text of more than 1,000 characters without reading it', () => {
    expect(faultOf(() => parseDuration(`1h${' '.repeat(999)}`)).message).toContain('more than 1000 characters')
  })

  test('refuses what is not a text', () => {
    expect(() => parseDuration(JSON.parse('30'))).toThrow(TypeError)
  })

  test('gives whole microseconds or a syntax error for any text', () => {
    const near = fc.string({ unit: fc.constantFrom(...'0123456789 hmsdwyearcond.-+'), maxLength: 24 })
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        try {
          return Number.isSafeInteger(parseDuration(text))
        } catch (error) {
          return error instanceof QuotaSyntaxError && error.index >= 0 && error.index <= text.length
        }
      }),
    )
  })
})

describe('formatDuration', () => {
  test.each([
    [SECOND, '1 second'],
    [90 * SECOND, '90 seconds'],
    [15 * MINUTE, '15 minutes'],
    [HOUR, '1 hour'],
    [MONTH, '30 days'],
    [500 * MILLISECOND, '500 milliseconds'],
    [1, '1 microsecond'],
    [1_000_001, '1000001 microseconds'],
    [0, '0 seconds'],
  ])('spells %d as %j', (span, spelled) => {
    expect(formatDuration(span)).toBe(spelled)
  })

  test('is read back by parseDuration, down to milliseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (milliseconds) => {
        const span = milliseconds * MILLISECOND
        expect(parseDuration(formatDuration(span))).toBe(span)
      }),
    )
  })
})

describe('formatWait', () => {
  test.each([
    [1, '1 millisecond'],
    [1_499_001, '1500 milliseconds'],
    [2_000_000, '2 seconds'],
  ])('spells %d as %j, never shorter', (wait, spelled) => {
    expect(formatWait(wait)).toBe(spelled)
  })
})
