import { describe, expect, it } from 'vitest'
import { calendarWindow } from '../../core/calendar.js'
import { makeQuota } from '../../core/make-quota.js'
import type { Quota } from '../../core/quota.js'
import { DAY, HOUR } from '../../core/units.js'
import { tagsOf, zonePlan } from './plan.js'

const NOW = 1_767_225_600_000_000
const zoneOf = (...counters: Quota[]) => ({ name: 'zone', counters })

describe('the plan of a zone', () => {
  it('is made once, and anew only when a calendar span is over', () => {
    const daily = zoneOf(makeQuota({ limit: 5, every: 'day', timezone: 'Europe/Berlin' }))
    const { endsAt } = calendarWindow('day', 'Europe/Berlin', NOW)
    expect(zonePlan(daily, endsAt - 1)).toBe(zonePlan(daily, NOW))
    expect(zonePlan(daily, endsAt)).not.toBe(zonePlan(daily, NOW))
    const hourly = zoneOf(makeQuota({ limit: 5, window: HOUR }))
    expect(zonePlan(hourly, NOW + 1_000 * DAY)).toBe(zonePlan(hourly, NOW))
  })

  it('has the calendar spans from the one before to the third after the present one', () => {
    const [{ spans }] = JSON.parse(zonePlan(zoneOf(makeQuota({ limit: 5, every: 'day' })), NOW + HOUR))
    expect(spans).toEqual([-1, 0, 1, 2, 3, 4].map((days) => NOW + days * DAY))
  })
})

describe('the tag of a counter', () => {
  const tag = (quota: Quota) => tagsOf(zoneOf(quota))[0]

  it('stays where a limit changes, and is another for another algorithm or window', () => {
    expect(tag(makeQuota({ limit: 1, window: HOUR }))).toBe(tag(makeQuota({ limit: 2, window: HOUR })))
    const options = [
      { window: HOUR },
      { window: DAY },
      { window: HOUR, resolution: 7 },
      { window: HOUR, algorithm: 'token-bucket' },
      { window: HOUR, algorithm: 'fixed-window' },
      { window: HOUR, algorithm: 'fixed-window', align: 'clock' },
      { every: 'day' },
      { every: 'day', timezone: 'Europe/Berlin' },
    ] as const
    expect(new Set(options.map((each) => tag(makeQuota({ limit: 1, ...each })))).size).toBe(options.length)
  })

  it('is never that of another counter of its zone', () => {
    const quota = makeQuota({ limit: 1, window: 7_720_722_698, resolution: 112 })
    const alike = makeQuota({ limit: 1, window: 2_462_675_001, resolution: 386 })
    expect(tag(alike)).toBe(tag(quota))
    expect(tagsOf(zoneOf(quota, alike))).toEqual([tag(quota), (tag(quota) as number) + 1])
  })
})
