import { quota } from 'spillway'
import { expect, test } from 'vitest'
import { policyOf } from '../lint/policy.fixture.js'
import { spellQuota } from './spell-quota.js'

test.each([
  ['10/minute', '10/minute'],
  ['400/90s', '400/90 seconds'],
  ['5/1w', '5/7 days'],
])('%s is spelled %s', (text, spelled) => {
  expect(spellQuota(quota(text))).toBe(spelled)
})

test.each([
  ['{ limit: 9, every: month, algorithm: fixed-window, timezone: UTC }', '9/month'],
  ['{ limit: 9, window: 1h, algorithm: fixed-window }', '9/hour fixed-window'],
  ['{ limit: 9, window: 1s, algorithm: token-bucket, burst: 20 }', '9/second token-bucket burst 20'],
])('what is not the usual algorithm is said: %s', (text, spelled) => {
  const [rule] = policyOf(`rules: [{ path: /a, quotas: ${text} }]`).layers[0]!.rules

  expect(spellQuota(rule!.quotas[0]!.quota)).toBe(spelled)
})
