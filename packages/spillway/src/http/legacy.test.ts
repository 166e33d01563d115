import { describe, expect, it } from 'vitest'
import { exampleRule, ruleDecision } from '../../test/verdicts.js'
import { SECOND } from '../core/units.js'
import type { RuleDecision } from '../verdict.js'
import { legacy } from './legacy.js'

function fieldsOf(decisions: readonly RuleDecision[], decisive?: RuleDecision): Record<string, string> {
  return Object.fromEntries(legacy(decisions, decisive))
}

const narrow = ruleDecision(exampleRule(['10/minute']), 'allowed', { remaining: 2, resetAfter: 3 * SECOND })
const wide = ruleDecision(exampleRule(['500/hour']), 'allowed', { remaining: 400, resetAfter: SECOND })

describe('the legacy fields', () => {
  it('tell of the tightest quota, the reset in seconds from now', () => {
    expect(fieldsOf([wide, narrow])).toEqual({
      'X-RateLimit-Limit': '10',
      'X-RateLimit-Remaining': '2',
      'X-RateLimit-Reset': '3',
    })
  })

  it('tell of the longer reset where two quotas are equally tight', () => {
    const slow = ruleDecision(exampleRule(['20/day']), 'allowed', { remaining: 2, resetAfter: 99 * SECOND + 1 })
    expect(fieldsOf([narrow, slow])['X-RateLimit-Reset']).toBe('100')
    expect(fieldsOf([slow, narrow])['X-RateLimit-Reset']).toBe('100')
  })

  it('tell of the decisive refusal, however little remains elsewhere', () => {
    const refusal = ruleDecision(exampleRule(['5/minute']), 'denied', { remaining: 3, retryAfter: SECOND })
    expect(fieldsOf([narrow, refusal], refusal)['X-RateLimit-Limit']).toBe('5')
  })

  it('are absent where no quota applies', () => {
    expect(fieldsOf([])).toEqual({})
    expect(fieldsOf([ruleDecision(exampleRule([]), 'allowed')])).toEqual({})
  })
})
