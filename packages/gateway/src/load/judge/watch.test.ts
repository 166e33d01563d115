import fc from 'fast-check'
import type { Quota } from 'spillway'
import { createLimiter, makeQuota, memoryStore } from 'spillway'
import { fakeClock } from 'spillway/testing'
import { describe, expect, test } from 'vitest'
import type { Admission, Watch } from './watch.js'
import { rateWatch, spanWatch, watchesOf } from './watch.js'

const MS = 1_000
const SECOND = 1_000_000

/** Requests that took so many milliseconds, told in the order of their answers. */
function told(watch: Watch, ...requests: readonly (readonly [sent: number, answered: number, units?: number])[]) {
  const admissions = requests.map(([sent, answered, units = 1]) => ({
    sent: sent * MS,
    answered: answered * MS,
    units,
  }))
  return tell(watch, admissions)
}

function tell(watch: Watch, admissions: readonly Admission[]) {
  const inOrder = [...admissions].sort((a, b) => a.answered - b.answered)
  return inOrder.map((admission, i) =>
    watch(admission, Math.min(Number.POSITIVE_INFINITY, ...inOrder.slice(i + 1).map(({ sent }) => sent))),
  )
}

describe('the watch over a span', () => {
  test('sees more than the limit that was sent and answered within less than the window', () => {
    expect(told(spanWatch(2, SECOND), [0, 5], [400, 405], [900, 905])).toEqual([
      undefined,
      undefined,
      { units: 3, allowed: 2, span: 905 * MS },
    ])
  })

  test.each<[string, [number, number][]]>([
    [
      'the first may have been decided a window before the last',
      [
        [0, 5],
        [400, 405],
        [994, 1001],
      ],
    ],
    [
      'the first may have been decided late, the last early',
      [
        [0, 300],
        [400, 405],
        [900, 1200],
      ],
    ],
    [
      'the last came a window later',
      [
        [0, 5],
        [400, 405],
        [1100, 1105],
      ],
    ],
  ])('proves nothing where %s', (_, requests) => {
    expect(told(spanWatch(2, SECOND), ...requests)).toEqual([undefined, undefined, undefined])
  })

  test('counts units, and requests that were answered out of order', () => {
    const found = told(spanWatch(4, SECOND), [100, 900, 2], [300, 310, 2], [500, 800, 1])
    expect(found.at(-1)).toEqual({ units: 5, allowed: 4, span: 800 * MS })
  })
})

describe('the watch over a rate', () => {
  test('lets a burst pass, and what flows in', () => {
    const burst = Array.from({ length: 5 }, (_, i) => [i, i + 1] as const)
    const after = Array.from({ length: 9 }, (_, i) => [100 * (i + 1), 100 * (i + 1) + 5] as const)
    expect(told(rateWatch(5, 10, SECOND), ...burst, ...after).filter(Boolean)).toEqual([])
  })

  test('sees one more than that over a long time, whatever was sent before', () => {
    const steady = Array.from({ length: 100 }, (_, i) => [100 * i, 100 * i + 1] as const)
    const excess = told(
      rateWatch(5, 10, SECOND),
      [-50_000, -49_999],
      ...steady,
      ...steady.slice(90).map(([a, b]) => [a + 2, b + 2] as const),
    )
    expect(excess.filter(Boolean).length).toBeGreaterThan(0)
    expect(told(rateWatch(6, 10, SECOND), ...steady).filter(Boolean)).toEqual([])
  })
})

describe('the watches of a quota', () => {
  const quotas: Quota[] = [
    makeQuota({ algorithm: 'sliding-window', limit: 7, window: SECOND }),
    makeQuota({ algorithm: 'fixed-window', limit: 7, window: SECOND }),
    makeQuota({ algorithm: 'fixed-window', limit: 7, window: SECOND, align: 'clock' }),
    makeQuota({ algorithm: 'token-bucket', limit: 7, window: SECOND, burst: 3 }),
  ]
  const requests = fc.array(
    fc.record({
      gap: fc.nat(200 * MS),
      before: fc.nat(300 * MS),
      after: fc.nat(300 * MS),
      units: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 200 },
  )

  test.each(quotas.map((quota) => [quota.algorithm, quota] as const))(
    'never accuse the real limiter, wherever between sent and answered it decided: %s',
    (_, quota) => {
      fc.assert(
        fc.property(requests, (asked) => {
          expect(asked.length > 0 && tellAll(quota, admitted(quota, asked)).filter(Boolean)).toEqual([])
        }),
      )
    },
  )

  test.each(quotas.map((quota) => [quota.algorithm, quota] as const))(
    'catch a limiter that admits one more in each window, sooner or later: %s',
    (_, quota) => {
      const generous = { ...quota, limit: quota.limit + 1, ...('burst' in quota && { burst: quota.burst + 1 }) }
      const asked = Array.from({ length: 3_000 }, () => ({ gap: 10 * MS, before: MS, after: MS, units: 1 }))
      expect(tellAll(quota, admitted(generous, asked)).some(Boolean)).toBe(true)
    },
  )
})

interface Try {
  readonly gap: number
  readonly before: number
  readonly after: number
  readonly units: number
}

/** What the limiter itself admits, each request decided so long after it was sent and before it was answered. */
function admitted(quota: Quota, asked: readonly Try[]): Admission[] {
  const clock = fakeClock()
  const limiter = createLimiter({ quotas: quota, store: memoryStore({ clock }) })
  return asked.flatMap(({ gap, before, after, units }) => {
    clock.advance(gap)
    const decision = limiter.charge('mia', { cost: units })
    if ('then' in decision) throw new TypeError('memory answers at once')
    return decision.kind === 'allowed' ? [{ sent: clock.now() - before, answered: clock.now() + after, units }] : []
  })
}

function tellAll(quota: Quota, admissions: readonly Admission[]) {
  return watchesOf(quota).flatMap((watch) => tell(watch, admissions))
}
