import { describe, expect, it } from 'vitest'
import type { Charge, Refund } from './charge.js'
import type { Allowed, Decision } from './decision.js'
import { makeQuota } from './make-quota.js'
import type { Quota } from './quota.js'
import { quota } from './quota-parser.js'
import { giveBack, recordAt, take, taken, weigh } from './record.js'
import { undoOf } from './undo.js'
import { SECOND } from './units.js'
import { compileZone } from './zone.js'

const NOW = 1_767_225_600_000_000
const FREE = Number.NEGATIVE_INFINITY

const sliding = quota('3/10 seconds')
const fixed = makeQuota({ algorithm: 'fixed-window', limit: 5, window: 10 * SECOND })
const bucket = makeQuota({ algorithm: 'token-bucket', limit: 10, window: 10 * SECOND })
const { zone, bound } = compileZone('all', [[sliding, fixed], [bucket], []])

function charge(rule: number, cost = 1): Charge {
  return { zone, partition: 'user:alice', quotas: bound[rule]!, cost, block: undefined, onStoreFailure: 'local' }
}

function charged(cost: number) {
  return take(recordAt(undefined, zone.counters, NOW), charge(0, cost), NOW)
}

describe('a record', () => {
  it('counts a charge in every counter of its zone, and weighs it under its own quotas alone', () => {
    const record = charged(2)
    expect(weigh(record, charge(0), 0, FREE, NOW)).toMatchObject({ quotas: [{ remaining: 1 }, { remaining: 3 }] })
    expect(weigh(record, charge(1), 0, FREE, NOW)).toMatchObject({ quotas: [{ remaining: 8 }] })
    expect(weigh(record, charge(1, 8), 0, FREE, NOW).kind).toBe('allowed')
    expect(weigh(record, charge(0, 2), 0, FREE, NOW)).toMatchObject({ kind: 'denied', retryAfter: 10 * SECOND })
  })

  it('counts nothing for a charge without quotas', () => {
    const record = charged(1)
    expect(take(record, charge(2, 9), NOW)).toBe(record)
    expect(taken(record, charge(2, 9), NOW)).toMatchObject({ kind: 'allowed', taken: 0 })
  })

  it('weighs a charge after those that the same request takes first', () => {
    const record = recordAt(undefined, zone.counters, NOW)
    expect(weigh(record, charge(0), 2, FREE, NOW).kind).toBe('allowed')
    expect(weigh(charged(1), charge(0), 2, FREE, NOW).kind).toBe('denied')
    expect(weigh(record, charge(0), 3, FREE, NOW).kind).toBe('impossible')
  })

  it('answers a charge that was taken with what is left after it', () => {
    expect(taken(charged(2), charge(0, 2), NOW)).toMatchObject({
      kind: 'allowed',
      limit: 3,
      remaining: 1,
      resetAfter: 10 * SECOND,
      at: NOW,
      taken: 2,
    })
  })

  it('moves all its times back with the clock, its block too', () => {
    const record = { ...charged(2), blockedUntil: NOW + 5 * SECOND }
    const before = recordAt(record, zone.counters, NOW - 3 * SECOND)
    expect(before).toMatchObject({ at: NOW - 3 * SECOND, blockedUntil: NOW + 2 * SECOND })
    for (const rule of [0, 1]) {
      const figures = (at: number, state = record) => weigh(state, charge(rule, 3), 0, FREE, at)
      const [then, now] = [figures(NOW), figures(NOW - 3 * SECOND, before as typeof record)]
      expect({ ...now, at: 0 }).toEqual({ ...then, at: 0 })
    }
  })

  it('keeps its times where the clock went on, and remembers that it was read', () => {
    expect(recordAt(charged(1), zone.counters, NOW + 1)).toEqual({ ...charged(1), at: NOW + 1 })
  })
})

describe('a refund', () => {
  function remaining(record: ReturnType<typeof charged>, rule: number) {
    const decision = weigh(record, charge(rule), 0, FREE, NOW)
    return decision.kind === 'unknown' ? [] : decision.quotas.map((each) => each.remaining)
  }

  function refund(cost: number, decision?: Decision): Refund {
    return { zone, partition: 'user:alice', cost, ...(decision && { decision }) }
  }

  it('gives units back in every counter', () => {
    const record = giveBack(charged(3), refund(2), NOW)
    expect([remaining(record, 0), remaining(record, 1)]).toEqual([[2, 4], [9]])
  })

  it('gives back no more than its decision took, and nothing for a denial', () => {
    const before = charged(1)
    const decision = taken(take(before, charge(0), NOW), charge(0), NOW)
    const after = take(before, charge(0), NOW)
    expect(remaining(giveBack(after, refund(9, decision), NOW), 0)).toEqual([2, 4])
    const denied = weigh(after, charge(0, 3), 0, FREE, NOW)
    expect(denied.kind).toBe('denied')
    expect(giveBack(after, refund(1, denied), NOW)).toBe(after)
  })

  it('does nothing in a counter that has counted nothing', () => {
    const empty = recordAt(undefined, zone.counters, NOW)
    expect(giveBack(empty, refund(1), NOW)).toEqual(empty)
  })

  it('knows how its charge left a counter only where its own rule has a quota there', () => {
    const decision = taken(charged(1), charge(0), NOW) as Allowed
    expect(undoOf(decision, fixed)).toMatchObject({ at: NOW, taken: 1, standing: { remaining: 4 } })
    expect(undoOf(decision, bucket satisfies Quota).standing).toBeUndefined()
  })
})
