import { describe, expect, it } from 'vitest'
import { deny, exampleRule, ruleDecision } from '../../test/verdicts.js'
import { makeQuota } from '../core/make-quota.js'
import { HOUR, MINUTE, SECOND } from '../core/units.js'
import type { PartitionPart, Rule } from '../policy/policy.js'
import type { RuleDecision } from '../verdict.js'
import { problemOf } from './problem.js'

const never = { retryAfter: Number.POSITIVE_INFINITY }

function detailOf(...decisions: [RuleDecision, ...RuleDecision[]]): string {
  return problemOf(deny(...decisions), 429).detail
}

function denied(
  quotas: Parameters<typeof exampleRule>[0],
  changes: Partial<Rule> = {},
  retryAfter = SECOND,
): RuleDecision {
  return ruleDecision(exampleRule(quotas, changes), 'denied', ...quotas.map(() => ({ retryAfter })))
}

describe('the detail of a denial', () => {
  it('spells quotas and waits in the singular and the plural', () => {
    expect(detailOf(denied(['1/second']))).toBe('1 request per second for this client. Try again in 1 second.')
    expect(detailOf(denied(['5/15m'], {}, 2 * MINUTE))).toBe(
      '5 requests per 15 minutes for this client. Try again in 2 minutes.',
    )
  })

  it('names only the quotas of a rule that stood in the way', () => {
    const users = exampleRule(['10/second', '200/minute', '400/day'])
    const waiting = { retryAfter: 3 * SECOND }
    expect(detailOf(ruleDecision(users, 'denied', waiting, {}, waiting))).toBe(
      '10 requests per second and 400 requests per day for this client. Try again in 3 seconds.',
    )
    expect(problemOf(deny(ruleDecision(users, 'denied', waiting, {}, waiting)), 429)['violated-policies']).toEqual([
      'towns-1',
      'towns-3',
    ])
  })

  it('names the rules of every layer that refused, and no other', () => {
    const everyone = denied(['100/second'], { name: 'all', partition: [{ by: 'everyone' }] })
    const passed = ruleDecision(exampleRule(['7/hour'], { name: 'passed' }), 'allowed', { remaining: 1 })
    const verdict = deny(denied(['1/second']), passed, everyone)
    expect(problemOf(verdict, 429)).toMatchObject({
      detail:
        '1 request per second for this client. 100 requests per second for all clients together. Try again in 1 second.',
      'violated-policies': ['towns', 'all'],
    })
  })

  it.each<[PartitionPart['by'], string]>([
    ['user', 'this client'],
    ['ip', 'this client'],
    ['network', 'this network'],
    ['group', 'this group'],
    ['path', 'all requests of this kind'],
    ['everyone', 'all clients together'],
  ])('says whose share a partition by %s is: %s', (by, whose) => {
    expect(detailOf(denied(['1/second'], { partition: [{ by } as PartitionPart] }))).toContain(`for ${whose}.`)
  })

  it('counts in units where a request costs more than one', () => {
    expect(detailOf(denied(['10/hour'], { cost: 4 }))).toContain('10 units per hour for')
  })

  it('tells the burst of a token bucket and the calendar of a calendar window', () => {
    const bucket = makeQuota({ algorithm: 'token-bucket', limit: 10, window: MINUTE, burst: 50 })
    const monthly = makeQuota({ algorithm: 'fixed-window', limit: 5, every: 'month', timezone: 'UTC' })
    expect(detailOf(denied([bucket]))).toContain('10 requests per minute (at most 50 at once) for')
    expect(detailOf(denied([monthly]))).toContain('5 requests per month for')
  })
})

describe('the problem of a refusal without end', () => {
  it('says that a cost above the limit never passes', () => {
    const problem = problemOf(deny(ruleDecision(exampleRule(['10/hour'], { cost: 20 }), 'impossible', never)), 429)
    expect(problem.detail).toBe(
      'This request costs 20 units, above the limit of 10 units per hour for this client: it will never pass.',
    )
    expect(problem).not.toHaveProperty('retry-after')
    expect(problem['violated-policies']).toEqual(['towns'])
  })
})

describe('the problem of a blocked client', () => {
  it('says until when, and names every quota of the rule', () => {
    const blocked = ruleDecision(exampleRule(['5/minute']), 'blocked', { retryAfter: HOUR })
    expect(problemOf(deny(blocked), 429)).toEqual({
      type: 'https://iana.org/assignments/http-problem-types#abnormal-usage-detected',
      title: 'Abnormal Usage Detected',
      status: 429,
      detail: 'Requests are blocked for a while for this client. Try again in 1 hour.',
      'violated-policies': ['towns'],
      'retry-after': 3600,
    })
  })
})
