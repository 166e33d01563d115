import { describe, expect, test } from 'vitest'
import { quotas } from '../core/quota-parser.js'
import { parsePolicy } from './parse-policy.js'
import { quotaNames } from './quota-names.js'

function rulesOf(rules: readonly object[]) {
  return parsePolicy({ rules }).layers.flatMap((layer) => layer.rules)
}

describe('zones', () => {
  test('are one object for rules that name the same zone, each checked against its own quotas', () => {
    const [all, admins] = rulesOf([
      { path: '/users', group: 'admin', quotas: '100/second', zone: 'user-api' },
      { path: '/users', quotas: ['200/minute', '10/second'], zone: 'user-api' },
    ])
    expect(all?.zone).toBe(admins?.zone)
    expect(all?.zone).toMatchObject({ name: 'user-api', counters: [{ window: 1_000_000 }, { window: 60_000_000 }] })
    expect(all?.quotas.map(({ counter }) => counter)).toEqual([0])
    expect(admins?.quotas.map(({ counter }) => counter)).toEqual([1, 0])
  })

  test('are shared with the rule whose name they are', () => {
    const [towns, forests] = rulesOf([
      { name: 'towns', path: '/towns', quotas: '1/s' },
      { path: '/forests', quotas: '1/s', zone: 'towns' },
    ])
    expect(towns?.zone).toBe(forests?.zone)
  })

  test('of a shadow rule are its own, so that it never touches enforcement', () => {
    const rules = rulesOf([
      {
        name: 'tried',
        path: '/a',
        quotas: '1/s',
        zone: 'pool',
        mode: 'shadow',
        block: { for: '1m', everywhere: true },
      },
      { name: 'lone', path: '/b', quotas: '1/s', mode: 'shadow' },
      { name: 'also-tried', path: '/c', quotas: '1/s', zone: 'pool', mode: 'shadow' },
      { path: '/d', quotas: '1/s', zone: 'pool' },
    ])
    expect(rules.map(({ zone }) => zone.name)).toEqual([
      'pool*shadow*tried',
      'lone*shadow',
      'pool*shadow*also-tried',
      'pool',
    ])
    expect(rules.map(({ zone }) => zone.everywhere)).toEqual([undefined, undefined, undefined, undefined])
    expect(rules[0]?.block).toEqual({ for: 60_000_000, everywhere: false })
  })

  test('all look at one zone of blocks where any rule blocks everywhere', () => {
    const { layers } = parsePolicy({
      layers: [
        { name: 'client', rules: [{ path: '/login', quotas: '5/m', block: { for: '15m', everywhere: true } }] },
        { name: 'api', rules: [{ path: '/**', quotas: '100/s' }] },
      ],
    })
    const everywhere = layers.flatMap(({ rules }) => rules.map(({ zone }) => zone.everywhere))
    expect(everywhere[0]).toEqual({ name: '*everywhere', counters: [] })
    expect(everywhere[1]).toBe(everywhere[0])
  })

  test('look at none where blocks hold for their own rule', () => {
    const [login] = rulesOf([{ path: '/login', quotas: '5/m', block: '15m' }])
    expect(login?.zone.everywhere).toBeUndefined()
    expect(login?.block).toEqual({ for: 900_000_000, everywhere: false })
  })
})

describe('quotaNames', () => {
  test('of one quota is the name of the rule', () => {
    expect(quotaNames('towns', quotas('10/minute'))).toEqual(['towns'])
  })

  test('of several have the window in whole seconds, rounded up, and a number where that repeats', () => {
    expect(quotaNames('towns', quotas('1/500ms; 1/second; 10/m; 9/1500ms; 1/s'))).toEqual([
      'towns-1s',
      'towns-1s-2',
      'towns-60s',
      'towns-2s',
      'towns-1s-3',
    ])
  })
})

describe('what is on trial', () => {
  test('counts in zones that no rule in force, and no file, can name', () => {
    const [a, b, c] = rulesOf([
      { name: 'a', path: '/a', quotas: '9/s', zone: 'pool', candidate: ['5/s', '100/m'], block: '1m', cost: 2 },
      { name: 'b', path: '/b', quotas: '9/s', zone: 'pool', candidate: '4/s', enforce: '10%' },
      { name: 'c', path: '/c', quotas: '9/s', zone: 'pool', enforce: '25%', block: { for: '1m', everywhere: true } },
    ])
    expect(a?.candidate).toMatchObject({ name: 'a', mode: 'candidate', cost: 2, block: { for: 60_000_000 } })
    expect(a?.candidate?.zone).toMatchObject({ name: 'pool*candidate', counters: [{}, { window: 60_000_000 }] })
    expect(b?.candidate?.zone).toBe(a?.candidate?.zone)
    expect(b?.rollOut).toMatchObject({ share: 0.1, shadow: { name: 'b', mode: 'shadow' } })
    expect([b, c].map((rule) => rule?.rollOut?.shadow.zone.name)).toEqual(['pool*shadow*b', 'pool*shadow*c'])
    expect(c?.rollOut?.shadow).toMatchObject({ block: { everywhere: false }, zone: { name: 'pool*shadow*c' } })
    expect(c?.rollOut?.shadow.zone.everywhere).toBeUndefined()
    expect([a, b, c].map((rule) => rule?.zone.name)).toEqual(['pool', 'pool', 'pool'])
    expect(c).toMatchObject({ mode: 'enforce', block: { everywhere: true }, zone: { everywhere: {} } })
  })

  test('lets later rules for the same requests be reached', () => {
    expect(
      rulesOf([
        { name: 'new', path: '/**', quotas: '5/s', enforce: '50%' },
        { name: 'old', path: '/**', quotas: '9/s' },
      ]),
    ).toHaveLength(2)
  })
})
