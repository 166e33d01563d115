import { expect, test } from 'vitest'
import { policyOf } from './policy.fixture.js'
import { rollOut } from './roll-out.js'
import { sameCandidate } from './same-candidate.js'
import { unreachableRule } from './unreachable-rule.js'

const rule = (more: string) => policyOf(`rules: [{ name: towns, path: /a, ${more} }]`)

test.each(['candidate: 10/minute', 'candidate: { limit: 10, window: 60s }'])(
  '%s tells nothing beside 10/minute',
  (same) => {
    expect(sameCandidate(rule(`quotas: 10/minute, ${same}`))).toMatchObject([
      { path: 'rules[0].candidate', message: expect.stringContaining('towns') },
    ])
  },
)

test.each([
  ['{ limit: 9, every: day }', '{ limit: 9, every: day, timezone: Asia/Tokyo }'],
  [
    '{ limit: 9, window: 1m, algorithm: fixed-window }',
    '{ limit: 9, window: 1m, algorithm: fixed-window, align: clock }',
  ],
  ['{ limit: 900, window: 1m }', '{ limit: 900, window: 1m, resolution: 120 }'],
])('%s and the candidate %s are two quotas, though their short form is one', (quotas, candidate) => {
  expect(sameCandidate(rule(`quotas: ${quotas}, candidate: ${candidate}`))).toEqual([])
})

test.each(['quotas: 10/minute, candidate: 9/minute', 'quotas: unlimited, candidate: 9/minute', 'quotas: 9/minute'])(
  '%s is as it should be',
  (quotas) => {
    expect(sameCandidate(rule(quotas))).toEqual([])
  },
)

test('a roll-out that has come to everybody is over', () => {
  expect(rollOut(rule('quotas: 1/s, enforce: 100%'))).toMatchObject([{ path: 'rules[0].enforce' }])
  expect(rollOut(rule('quotas: 1/s, enforce: 99%'))).toEqual([])
})

test('one partition cannot be rolled out to in parts', () => {
  expect(rollOut(rule('quotas: 1/s, enforce: 10%, partition: everyone'))).toMatchObject([
    { path: 'rules[0].enforce', message: expect.stringContaining('one partition') },
  ])
})

test('a rule in roll-out leaves requests to the rule behind it', () => {
  const policy = (enforce: string) =>
    policyOf(`rules: [{ regex: /a, quotas: 1/s${enforce} }, { path: /a, quotas: 2/s }]`)
  expect(unreachableRule(policy(', enforce: 10%'))).toEqual([])
  expect(unreachableRule(policy(''))).toHaveLength(1)
})
