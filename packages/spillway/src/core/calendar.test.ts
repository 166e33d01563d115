import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CalendarSpan } from './calendar.js'
import { calendarWindow, isTimezone } from './calendar.js'
import type { CalendarUnit } from './quota.js'
import type { Micros } from './units.js'
import { DAY, HOUR, MILLISECOND, MINUTE } from './units.js'

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Havana',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
]

const at = (iso: string): Micros => Date.parse(iso) * MILLISECOND
const iso = ({ startsAt, endsAt }: CalendarSpan) =>
  [startsAt, endsAt].map((moment) => new Date(moment / MILLISECOND).toISOString().replace(/:00\.000Z$/, 'Z'))
const hours = ({ startsAt, endsAt }: CalendarSpan) => (endsAt - startsAt) / HOUR

describe('calendarWindow', () => {
  test.each<[CalendarUnit, string, string, string]>([
    ['day', '2026-07-15T13:00Z', '2026-07-14T22:00Z', '2026-07-15T22:00Z'],
    ['week', '2026-07-15T13:00Z', '2026-07-12T22:00Z', '2026-07-19T22:00Z'],
    ['week', '2026-07-19T21:59Z', '2026-07-12T22:00Z', '2026-07-19T22:00Z'],
    ['month', '2026-07-15T13:00Z', '2026-06-30T22:00Z', '2026-07-31T22:00Z'],
    ['month', '2028-02-29T13:00Z', '2028-01-31T23:00Z', '2028-02-29T23:00Z'],
    ['year', '2026-07-15T13:00Z', '2025-12-31T23:00Z', '2026-12-31T23:00Z'],
  ])('gives the %s in Berlin around %s', (every, now, startsAt, endsAt) => {
    expect(iso(calendarWindow(every, 'Europe/Berlin', at(now)))).toEqual([startsAt, endsAt])
  })

  test('has days of 23 and 25 hours where daylight saving starts and ends', () => {
    expect(hours(calendarWindow('day', 'Europe/Berlin', at('2026-03-29T12:00Z')))).toBe(23)
    expect(hours(calendarWindow('day', 'Europe/Berlin', at('2026-10-25T12:00Z')))).toBe(25)
    expect(hours(calendarWindow('day', 'Australia/Lord_Howe', at('2026-10-03T20:00Z')))).toBe(23.5)
  })

  test('starts a day at 01:00 where daylight saving skips midnight', () => {
    expect(iso(calendarWindow('day', 'America/Sao_Paulo', at('2017-10-15T12:00Z')))).toEqual([
      '2017-10-15T03:00Z',
      '2017-10-16T02:00Z',
    ])
    expect(iso(calendarWindow('day', 'Asia/Beirut', at('2022-03-27T12:00Z')))[0]).toBe('2022-03-26T22:00Z')
  })

  test('has no span for a date that a zone skipped', () => {
    const before = calendarWindow('day', 'Pacific/Apia', at('2011-12-30T09:59Z'))
    const after = calendarWindow('day', 'Pacific/Apia', at('2011-12-30T10:00Z'))
    expect(iso(before)).toEqual(['2011-12-29T10:00Z', '2011-12-30T10:00Z'])
    expect(iso(after)).toEqual(['2011-12-30T10:00Z', '2011-12-31T10:00Z'])
  })

  test('lets a date go on where the clock goes back over midnight', () => {
    // At 00:01 on the 7th of November clocks showed 23:01 on the 6th again.
    const again = calendarWindow('day', 'America/St_Johns', at('2010-11-07T03:00Z'))
    expect(iso(again)).toEqual(['2010-11-07T02:30Z', '2010-11-08T03:30Z'])
  })

  test('is half-open to the microsecond', () => {
    const day = calendarWindow('day', 'Europe/Berlin', at('2026-07-15T13:00Z'))
    expect(calendarWindow('day', 'Europe/Berlin', day.endsAt - 1)).toEqual(day)
    expect(calendarWindow('day', 'Europe/Berlin', day.endsAt).startsAt).toBe(day.endsAt)
    expect(calendarWindow('day', 'Europe/Berlin', day.startsAt - 1).endsAt).toBe(day.startsAt)
  })

  test('answers from what it kept while a moment is in one of the last two spans', () => {
    const noon = calendarWindow('day', 'Europe/Berlin', at('2026-07-15T13:00Z'))
    const tomorrow = calendarWindow('day', 'Europe/Berlin', at('2026-07-16T13:00Z'))
    expect(calendarWindow('day', 'Europe/Berlin', at('2026-07-16T14:00Z'))).toBe(tomorrow)
    expect(calendarWindow('day', 'Europe/Berlin', at('2026-07-15T14:00Z'))).toBe(noon)
    expect(calendarWindow('day', 'Asia/Tokyo', at('2026-07-15T14:00Z'))).not.toEqual(noon)
    expect(calendarWindow('week', 'Europe/Berlin', at('2026-07-15T14:00Z'))).not.toEqual(noon)
  })

  test('refuses a time zone that Intl does not know', () => {
    expect(() => calendarWindow('day', 'Europe/Atlantis', 0)).toThrow(RangeError)
    expect([isTimezone('Europe/Berlin'), isTimezone('Europe/Atlantis'), isTimezone('')]).toEqual([true, false, false])
  })

  test('has spans that hold their moment and meet without a gap', () => {
    fc.assert(
      fc.property(settings, ({ every, zone, now }) => {
        const span = calendarWindow(every, zone, now)
        expect(span.startsAt).toBeLessThanOrEqual(now)
        expect(span.endsAt).toBeGreaterThan(now)
        expect(calendarWindow(every, zone, span.endsAt).startsAt).toBe(span.endsAt)
        expect(calendarWindow(every, zone, span.startsAt - 1).endsAt).toBe(span.startsAt)
      }),
    )
  })
})

const settings = fc.record({
  every: fc.constantFrom<CalendarUnit>('day', 'week', 'month', 'year'),
  zone: fc.constantFrom(...ZONES),
  now: fc.integer({ min: at('1972-01-01'), max: at('2037-12-31') }),
})

describe('calendarWindow against a walk through local dates, minute by minute', () => {
  test.each([
    ['Europe/Berlin', '2026-03-29T00:30Z'],
    ['Europe/Berlin', '2026-10-25T00:30Z'],
    ['America/Sao_Paulo', '2017-10-15T02:59Z'],
    ['America/Sao_Paulo', '2017-10-15T03:00Z'],
    ['America/Sao_Paulo', '2018-02-18T01:59Z'],
    ['America/Sao_Paulo', '2018-02-18T02:30Z'],
    ['America/St_Johns', '2010-11-07T02:30Z'],
    ['America/St_Johns', '2010-11-07T02:45Z'],
    ['America/St_Johns', '2010-11-07T03:45Z'],
    ['America/Havana', '2026-03-08T05:00Z'],
    ['America/Havana', '2026-11-01T05:30Z'],
    ['Asia/Beirut', '2022-03-26T22:00Z'],
    ['Asia/Beirut', '2022-10-29T21:30Z'],
    ['Pacific/Apia', '2011-12-30T09:59Z'],
    ['Pacific/Apia', '2011-12-30T10:00Z'],
    ['Pacific/Kwajalein', '1993-08-21T12:00Z'],
    ['Asia/Kathmandu', '1985-12-31T18:30Z'],
    ['Asia/Pyongyang', '2015-08-14T15:10Z'],
    ['America/Caracas', '2016-05-01T07:00Z'],
  ])('is the same day in %s around %s', (zone, now) => {
    expect(calendarWindow('day', zone, at(now))).toEqual(walkedDay(zone, at(now)))
  })

  test('is the same day anywhere', () => {
    fc.assert(
      fc.property(settings, ({ zone, now }) => {
        expect(calendarWindow('day', zone, now)).toEqual(walkedDay(zone, now))
      }),
      { numRuns: 25 },
    )
  })

  test('is the same week, month and year, day by day', () => {
    fc.assert(
      fc.property(settings, ({ every, zone, now }) => {
        expect(calendarWindow(every, zone, now)).toEqual(walkedDays(every, zone, now))
      }),
      { numRuns: 12 },
    )
  })
})

/** The day that holds a moment: the greatest date that was shown so far is the date, from when it was first shown. */
function walkedDay(zone: string, now: Micros): CalendarSpan {
  const dates = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
  let date = ''
  let startsAt = Number.NaN
  for (let moment = Math.floor(now / MINUTE) * MINUTE - 2 * DAY; ; moment += MINUTE) {
    const shown = dates.format(moment / MILLISECOND)
    if (shown <= date) continue
    if (moment > now) return { startsAt, endsAt: moment }
    date = shown
    startsAt = moment
  }
}

/** A week, month or year, put together from days by the names that Intl gives them in their middle. */
function walkedDays(every: CalendarUnit, zone: string, now: Micros): CalendarSpan {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
  const weekdays = new Intl.DateTimeFormat('en', { timeZone: zone, weekday: 'short' })
  const starts = ({ startsAt, endsAt }: CalendarSpan): boolean => {
    const noon = (startsAt + endsAt) / 2 / MILLISECOND
    const date = parts.format(noon)
    if (every === 'week') return weekdays.format(noon) === 'Mon'
    return every === 'day' || (every === 'month' ? date.endsWith('-01') : date.endsWith('-01-01'))
  }
  let first = calendarWindow('day', zone, now)
  let last = first
  while (!starts(first)) first = calendarWindow('day', zone, first.startsAt - 1)
  do last = calendarWindow('day', zone, last.endsAt)
  while (!starts(last))
  return { startsAt: first.startsAt, endsAt: last.startsAt }
}
