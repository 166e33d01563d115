import { describe, expect, it } from 'vitest'
import { makeQuota } from '../../core/make-quota.js'
import { quotas } from '../../core/quota-parser.js'
import { MINUTE } from '../../core/units.js'
import { chargeOf, ruleOf } from '../../testing/program.js'
import { slidingStore } from './sliding-store.js'

describe('slidingStore', () => {
  it('counts whatever quotas a text says', () => {
    const store = slidingStore()
    const charge = chargeOf(ruleOf('route', quotas('2/minute; 3/hour')), 'alice')
    const kinds = Array.from({ length: 3 }, () => store.decide([charge])[0]?.kind)
    expect(kinds).toEqual(['allowed', 'allowed', 'denied'])
  })

  it.each([
    ['fixed-window', makeQuota({ limit: 1, window: MINUTE, algorithm: 'fixed-window' })],
    ['token-bucket', makeQuota({ limit: 1, window: MINUTE, algorithm: 'token-bucket' })],
  ])('refuses a %s rather than count it wrongly', (algorithm, quota) => {
    const charge = chargeOf(ruleOf('route', [quota]), 'alice')
    expect(() => slidingStore().decide([charge])).toThrow(algorithm)
  })
})
