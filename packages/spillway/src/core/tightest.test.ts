import { describe, expect, it } from 'vitest'
import type { QuotaStanding } from './decision.js'
import { makeQuota } from './make-quota.js'
import { figuresOf, joined, sizeOf } from './tightest.js'
import { MINUTE, SECOND } from './units.js'

const NOW = 1_767_225_600_000_000
const bucket = makeQuota({ algorithm: 'token-bucket', limit: 60, window: MINUTE, burst: 5 })

function standing(limit: number, remaining: number, resetAfter: number, retryAfter = 0): QuotaStanding {
  return { quota: makeQuota({ limit, window: MINUTE }), remaining, resetAfter, retryAfter }
}

describe('figuresOf', () => {
  it('gives those of the quota with the least remaining, and lists all in order', () => {
    const quotas = [standing(10, 4, SECOND), standing(100, 3, MINUTE), standing(7, 7, 0)]
    expect(figuresOf(quotas)).toEqual({ limit: 100, remaining: 3, resetAfter: MINUTE, quotas })
  })

  it('gives those of the longer resetAfter where several have as little', () => {
    const figures = figuresOf([standing(10, 3, SECOND), standing(20, 3, 2 * SECOND), standing(30, 3, SECOND)])
    expect(figures).toMatchObject({ limit: 20, resetAfter: 2 * SECOND })
  })

  it('gives those of the first where nothing tells several apart', () => {
    expect(figuresOf([standing(10, 3, SECOND), standing(20, 3, SECOND)]).limit).toBe(10)
  })

  it('gives those of the longest wait before all, however much remains', () => {
    const quotas = [standing(10, 0, SECOND, SECOND), standing(100, 2, SECOND, 2 * SECOND)]
    expect(figuresOf(quotas)).toMatchObject({ limit: 100, remaining: 2 })
  })

  it('names the burst of a token bucket as its limit', () => {
    expect(sizeOf(bucket)).toBe(5)
    expect(figuresOf([{ quota: bucket, remaining: 1, resetAfter: 1, retryAfter: 0 }]).limit).toBe(5)
  })

  it('limits nothing where there is no quota', () => {
    const endless = Number.POSITIVE_INFINITY
    expect(figuresOf([])).toEqual({ limit: endless, remaining: endless, resetAfter: 0, quotas: [] })
  })
})

describe('joined', () => {
  it('is allowed where every quota admits, with nothing taken yet', () => {
    expect(joined([standing(10, 4, SECOND)], 0, NOW)).toMatchObject({
      kind: 'allowed',
      at: NOW,
      taken: 0,
      remaining: 4,
    })
  })

  it('is denied for as long as the quota that takes longest', () => {
    const quotas = [standing(10, 0, SECOND, SECOND), standing(100, 0, 5, 5)]
    expect(joined(quotas, 0, NOW)).toMatchObject({ kind: 'denied', retryAfter: SECOND, limit: 10 })
  })

  it('is blocked for what is left of a block, whatever the quotas say', () => {
    const decision = joined([standing(10, 4, SECOND), standing(20, 0, MINUTE, MINUTE)], 7, NOW)
    expect(decision).toMatchObject({ kind: 'blocked', retryAfter: 7, remaining: 0, resetAfter: 7 })
    expect(decision).toMatchObject({ quotas: [1, 2].map(() => ({ remaining: 0, resetAfter: 7, retryAfter: 7 })) })
  })

  it('is blocked no longer at the microsecond at which the block ends', () => {
    expect(joined([standing(10, 4, SECOND)], 0, NOW).kind).toBe('allowed')
    expect(joined([], 1, NOW)).toMatchObject({ kind: 'blocked', retryAfter: 1 })
  })

  it('is impossible before all else, with the largest cost that every quota can admit', () => {
    const quotas = [standing(10, 4, SECOND, Number.POSITIVE_INFINITY), standing(20, 9, SECOND)]
    expect(joined(quotas, 7, NOW)).toMatchObject({ kind: 'impossible', largestCost: 10, limit: 10, remaining: 4 })
    const withBucket = [...quotas, { quota: bucket, remaining: 5, resetAfter: 0, retryAfter: 0 }]
    expect(joined(withBucket, 0, NOW)).toMatchObject({ largestCost: 5 })
  })
})
