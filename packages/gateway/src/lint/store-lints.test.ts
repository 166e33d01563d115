import { describe, expect, test } from 'vitest'
import { policyOf } from './policy.fixture.js'
import { unguardedRedis } from './unguarded-redis.js'
import { unlimitedOnFailure } from './unlimited-on-failure.js'
import { unusedLease } from './unused-lease.js'

const stored = (store: string) => policyOf(`store: ${store}\nrules: [{ path: /a, quotas: 1/s }]`)

describe('a store that anybody can change', () => {
  test.each([
    'redis://redis.internal',
    'redis://10.0.0.1:7000/2',
    '{ redis: { cluster: ["127.0.0.1:7000", "10.0.0.1:7000"] } }',
    '{ redis: { sentinel: { name: main, nodes: "a:1" } } }',
  ])('%s is', (store) => {
    expect(unguardedRedis(stored(store))).toMatchObject([{ path: 'store' }])
  })

  test.each([
    'memory',
    'redis://127.0.0.1',
    'redis://localhost:7000',
    'redis://[::1]',
    'redis://:secret@redis.internal',
    'rediss://redis.internal',
    '{ redis: { cluster: "10.0.0.1:7000", tls: {} } }',
  ])('%s is not', (store) => {
    expect(unguardedRedis(stored(store))).toEqual([])
  })
})

describe('a policy that limits nothing while the store is away', () => {
  const rules = (...onStoreFailure: string[]) =>
    `rules: [${onStoreFailure.map((each, i) => `{ path: /${i}, quotas: 1/s, onStoreFailure: ${each} }`).join(', ')}]`

  test('lets everything pass by every rule', () => {
    expect(unlimitedOnFailure(policyOf(`store: redis://a\n${rules('allow', 'allow')}`))).toMatchObject([
      { path: 'onStoreFailure', message: expect.stringContaining('`local`') },
    ])
  })

  test('counts somewhere, or refuses', () => {
    expect(unlimitedOnFailure(policyOf(`store: redis://a\n${rules('allow', 'local')}`))).toEqual([])
    expect(unlimitedOnFailure(policyOf(`store: redis://a\n${rules('allow', 'deny')}`))).toEqual([])
  })

  test('has no such store, or no limits', () => {
    expect(unlimitedOnFailure(policyOf(rules('allow')))).toEqual([])
    expect(
      unlimitedOnFailure(policyOf('store: redis://a\nonStoreFailure: allow\nrules: [{ path: /a, quotas: unlimited }]')),
    ).toEqual([])
  })
})

describe('a lease', () => {
  const leased = (store: string, gateway = 'upstream: http://127.0.0.1:3000') =>
    policyOf(`${gateway}\nstore: ${store}\nrules: [{ path: /a, quotas: 100/s, lease: { size: 10, for: 200ms } }]`)

  test('is of no use where a gateway counts in memory', () => {
    expect(unusedLease(leased('memory'))).toMatchObject([{ path: 'rules[0].lease' }])
  })

  test('is of use where they are in Redis', () => {
    expect(unusedLease(leased('redis://127.0.0.1'))).toEqual([])
    expect(unusedLease(policyOf('upstream: http://a\nrules: [{ path: /a, quotas: 1/s }]'))).toEqual([])
  })

  test('may be of use where the store is named in code', () => {
    expect(unusedLease(leased('memory', ''))).toEqual([])
  })
})
