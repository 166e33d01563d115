import { describe, expect, test } from 'vitest'
import { freePartition } from './free-partition.js'
import { idlePartition } from './idle-partition.js'
import { nobodyPasses } from './nobody-passes.js'
import { policyOf } from './policy.fixture.js'
import { shadowLeft } from './shadow-left.js'
import { shortBlock } from './short-block.js'
import { unreachableRule } from './unreachable-rule.js'

const rule = (more: string, identity = '') => policyOf(`${identity}\nrules: [{ path: /a, ${more} }]`)

describe('a partition that a client chooses', () => {
  test.each(['path', 'method', '[path, method]', 'header:x-tenant', '[user, header:x-tenant]'])(
    '%s is',
    (partition) => {
      expect(freePartition(rule(`quotas: 1/s, partition: ${partition}`))).toMatchObject([
        { path: 'rules[0].partition' },
      ])
    },
  )

  test.each(['user', 'ip', 'network', 'everyone', 'group', '[user, path]'])('%s is not', (partition) => {
    expect(freePartition(rule(`quotas: 1/s, partition: ${partition}`))).toEqual([])
  })

  test('a header is not where somebody in front has checked it', () => {
    const checked = 'identity: [{ header: { name: X-Tenant, verified: true } }]'

    expect(freePartition(rule('quotas: 1/s, partition: header:x-tenant', checked))).toEqual([])
  })

  test('a header with known keys is all the same: the unknown ones name partitions too', () => {
    const known = 'identity: [{ header: { name: X-Tenant, groups: { k-1: admin } } }, { ip: {} }]'

    expect(freePartition(rule('quotas: 1/s, partition: header:x-tenant', known))).toHaveLength(1)
  })

  test('nothing is where nothing is limited', () => {
    expect(freePartition(rule('quotas: unlimited, partition: path'))).toEqual([])
  })
})

describe('a partition by what nobody tells', () => {
  const GATEWAY = 'listen: 127.0.0.1:8080\nupstream: http://127.0.0.1:3000\n'
  const JWT = `identity: [{ jwt: { secret: ${'x'.repeat(32)}, algorithms: [HS256], group: plan } }, { ip: {} }]`
  const KEYS = 'identity: [{ header: { name: k, groups: { a: gold } } }, { ip: {} }]'
  const idle = (partition: string, identity = 'identity: [{ ip: {} }]', gateway = GATEWAY) =>
    idlePartition(rule(`quotas: 1/s, partition: ${partition}`, `${gateway}${identity}`)).map(({ path }) => path)

  test('is a claim where no token is read', () => {
    expect(idle('claim:org')).toEqual(['rules[0].partition'])
    expect(idle('[user, claim:org]')).toEqual(['rules[0].partition'])
    expect(idle('claim:org', JWT)).toEqual([])
  })

  test('is the group where there is one', () => {
    expect(idle('group')).toEqual(['rules[0].partition'])
    expect(idle('group', KEYS)).toEqual([])
    expect(idle('group', JWT)).toEqual([])
    expect(idle('[group, path]')).toEqual([])
  })

  test('is nothing where identity may be found in code, or nothing is limited', () => {
    expect(idle('claim:org', '', '')).toEqual([])
    expect(idlePartition(rule('quotas: unlimited, partition: group', GATEWAY))).toEqual([])
  })
})

describe('a policy that answers everybody with 401', () => {
  const denying = (more: string) =>
    nobodyPasses(policyOf(`anonymous: deny\n${more}\nrules: [{ path: /a, quotas: 1/s }]`))

  test("is a gateway's that has no source", () => {
    expect(denying('upstream: http://127.0.0.1:3000')).toMatchObject([{ path: 'anonymous' }])
    expect(denying('upstream: http://127.0.0.1:3000\nidentity: [{ ip: {} }]')).toEqual([])
    expect(denying('')).toEqual([])
  })

  test('no rule of it is said to come after another', () => {
    expect(unreachableRule(policyOf('anonymous: deny\nrules: [{ path: /a, quotas: 1/s }]'))).toEqual([])
  })
})

describe('a block that adds little', () => {
  test('is shorter than the shortest window', () => {
    expect(shortBlock(rule('quotas: [5/minute, 100/day], block: 10s'))).toMatchObject([
      { path: 'rules[0].block', message: expect.stringContaining('5/minute') },
    ])
    expect(
      shortBlock(rule('quotas: { limit: 1, every: day, algorithm: fixed-window, timezone: UTC }, block: 1h')),
    ).toHaveLength(1)
  })

  test('is that of a rule which denies nobody, and has nothing on trial', () => {
    expect(shortBlock(rule('quotas: unlimited, block: 5m'))).toMatchObject([
      { path: 'rules[0].block', message: expect.stringContaining('never starts') },
    ])
    expect(shortBlock(rule('quotas: unlimited, block: 5m, candidate: 5/minute'))).toEqual([])
    expect(shortBlock(rule('quotas: unlimited'))).toEqual([])
  })

  test('one as long as a window is right, and so is none', () => {
    expect(shortBlock(rule('quotas: [10/second, 400/day], block: 60s'))).toEqual([])
    expect(shortBlock(rule('quotas: 5/minute'))).toEqual([])
  })

  test('a token bucket is waited for only until it has the next unit', () => {
    expect(shortBlock(rule('quotas: { limit: 60, window: 1m, algorithm: token-bucket }, block: 2s'))).toEqual([])
  })
})

describe('a rule on trial', () => {
  test('is named', () => {
    expect(shadowLeft(rule('quotas: 1/s, mode: shadow, name: trial'))).toMatchObject([
      { path: 'rules[0].mode', message: expect.stringContaining('trial') },
    ])
  })

  test('a rule in force is not', () => {
    expect(shadowLeft(rule('quotas: 1/s'))).toEqual([])
  })
})
