import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleRule, ruleDecision } from '../../test/verdicts.js'
import { makeQuota } from '../core/make-quota.js'
import { SECOND } from '../core/units.js'
import type { RuleDecision } from '../verdict.js'
import { draft11 } from './draft.js'

function fieldsOf(...decisions: readonly RuleDecision[]): Record<string, string> {
  return Object.fromEntries(draft11(decisions, undefined))
}

describe('the fields of draft 11', () => {
  it('name the policy and where the client stands', () => {
    const towns = exampleRule(['1/second'])
    expect(fieldsOf(ruleDecision(towns, 'allowed', { remaining: 0, resetAfter: SECOND }))).toEqual({
      'RateLimit-Policy': '"towns";q=1;w=1',
      RateLimit: '"towns";r=0;t=1',
    })
  })

  it('have one item for each quota of each rule', () => {
    const users = exampleRule(['10/second', '400/day'], { name: 'users', quotaNames: ['users-1s', 'users-86400s'] })
    const everyone = exampleRule(['1000/minute'], { name: 'everyone' })
    expect(
      fieldsOf(
        ruleDecision(
          users,
          'allowed',
          { remaining: 9, resetAfter: SECOND },
          { remaining: 399, resetAfter: 7 * SECOND },
        ),
        ruleDecision(everyone, 'allowed', { remaining: 12, resetAfter: 30 * SECOND }),
      ),
    ).toEqual({
      'RateLimit-Policy': '"users-1s";q=10;w=1, "users-86400s";q=400;w=86400, "everyone";q=1000;w=60',
      RateLimit: '"users-1s";r=9;t=1, "users-86400s";r=399;t=7, "everyone";r=12;t=30',
    })
  })

  it('round windows and waits up to whole seconds', () => {
    const fast = exampleRule(['10/500ms'])
    const fields = fieldsOf(ruleDecision(fast, 'allowed', { remaining: 1, resetAfter: SECOND + 1 }))
    expect(fields['RateLimit-Policy']).toBe('"towns";q=10;w=1')
    expect(fields.RateLimit).toBe('"towns";r=1;t=2')
  })

  it('give no window where a calendar draws it, for its length changes', () => {
    const monthly = makeQuota({ algorithm: 'fixed-window', limit: 5, every: 'month', timezone: 'UTC' })
    const fields = fieldsOf(ruleDecision(exampleRule([monthly]), 'allowed', { remaining: 4, resetAfter: SECOND }))
    expect(fields['RateLimit-Policy']).toBe('"towns";q=5')
  })

  it('give the limit of a token bucket, not its burst, as its quota', () => {
    const bucket = makeQuota({ algorithm: 'token-bucket', limit: 10, window: 60 * SECOND, burst: 50 })
    const fields = fieldsOf(ruleDecision(exampleRule([bucket]), 'allowed', { remaining: 49, resetAfter: SECOND }))
    expect(fields).toEqual({ 'RateLimit-Policy': '"towns";q=10;w=60', RateLimit: '"towns";r=49;t=1' })
  })

  it('cap integers at the 15 digits of a structured field', () => {
    const huge = exampleRule([{ ...makeQuota({ limit: 1, window: SECOND }), limit: 2 ** 53 - 1 }])
    const fields = fieldsOf(ruleDecision(huge, 'allowed', { remaining: 2 ** 53 - 2, resetAfter: 0 }))
    expect(fields['RateLimit-Policy']).toBe('"towns";q=999999999999999;w=1')
    expect(fields.RateLimit).toBe('"towns";r=999999999999999;t=0')
  })

  it('escape a name so that no item can be forged in it', () => {
    const hostile = exampleRule(['1/second'], { name: 'a";q=9\\, "b\u00e9\r\n' })
    const fields = fieldsOf(ruleDecision(hostile, 'allowed'))
    expect(fields.RateLimit).toBe('"a\\";q=9\\\\, \\"b???";r=0;t=0')
  })

  it('are absent where no quota applies and where the store failed', () => {
    expect(fieldsOf()).toEqual({})
    expect(fieldsOf(ruleDecision(exampleRule([]), 'allowed'))).toEqual({})
  })

  it('are those of their own rules, whichever rules were told together before', () => {
    const layer = (names: readonly string[]) => names.map((name) => exampleRule(['9/minute', '99/hour'], { name }))
    const layers = [layer(['a', 'b']), layer(['c', 'd', 'e', 'f', 'g']), layer(['h', 'i', 'j', 'k', 'l'])] as const
    const told = fc.tuple(...layers.map((rules) => fc.option(fc.constantFrom(...rules), { nil: undefined })))
    const figures = fc.record({ remaining: fc.nat(), resetAfter: fc.nat() })
    fc.assert(
      fc.property(fc.array(fc.tuple(told, figures, figures), { maxLength: 60 }), (requests) => {
        for (const [rules, ...standing] of requests) {
          const decisions = rules.flatMap((rule) => (rule ? [ruleDecision(rule, 'allowed', ...standing)] : []))
          const anew = decisions.map(({ rule, decision }) => ({ rule: { ...rule }, decision }))
          expect(draft11(decisions, undefined)).toEqual(draft11(anew, undefined))
        }
      }),
    )
  })
})
