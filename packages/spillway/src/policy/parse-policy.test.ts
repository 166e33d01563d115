import { describe, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../core/units.js'
import { parsePolicy } from './parse-policy.js'
import type { PolicyError } from './policy-error.js'
import { re2 } from './regex.js'

const rule = { path: '/towns', quotas: '1/second' }

describe('parsePolicy', () => {
  test('reads rules with every default filled in', () => {
    const policy = parsePolicy({ rules: [rule] })

    expect(policy).toMatchObject({
      identity: [],
      anonymous: 'address',
      strictPaths: false,
      denied: { status: 429, body: 'problem' },
      headers: 'draft',
      onStoreFailure: 'local',
      gateway: { store: 'memory', forwardRawPath: false },
    })
    expect(policy.layers[0]?.rules[0]).toMatchObject({
      name: 'rule-1',
      place: 'rules[0]',
      quotas: [{ quota: { algorithm: 'sliding-window', limit: 1, window: SECOND }, counter: 0 }],
      quotaNames: ['rule-1'],
      zone: { name: 'rule-1' },
      partition: [{ by: 'user' }],
      cost: 1,
      block: undefined,
      mode: 'enforce',
      onStoreFailure: 'local',
    })
  })

  test('counts HEAD as GET where only GET is named', () => {
    const policy = parsePolicy({ rules: [{ ...rule, method: 'GET' }] })
    expect(policy.layers[0]?.rules[0]?.methods).toEqual(new Set(['GET', 'HEAD']))
  })

  test('takes quotas as text, as an object and as a list that mixes both', () => {
    const bucket = { limit: 10, window: '1m', algorithm: 'token-bucket', burst: 20 }
    const quotas = ['1/second; 5/minute', bucket, { limit: 9, every: 'day', timezone: 'Europe/Berlin' }]
    const [first] = parsePolicy({ rules: [{ name: 'towns', path: '/towns', quotas }] }).layers[0]?.rules ?? []

    expect(first?.quotas.map(({ quota }) => quota)).toMatchObject([
      { limit: 1, window: SECOND },
      { limit: 5, window: MINUTE },
      { algorithm: 'token-bucket', limit: 10, window: MINUTE, burst: 20 },
      { algorithm: 'fixed-window', align: 'calendar', limit: 9, every: 'day', timezone: 'Europe/Berlin' },
    ])
    expect(first?.quotaNames).toEqual(['towns-1s', 'towns-60s', 'towns-60s-2', 'towns-day'])
  })

  test('names the rules of a layer after it and lets them inherit its partition', () => {
    const { layers } = parsePolicy({
      layers: [
        { name: 'client', rules: [rule, { path: '/**', quotas: 'unlimited', partition: ['ip', 'header:X-Tenant'] }] },
        { name: 'whole-api', partition: 'everyone', rules: [{ path: '/**', quotas: '10000/second' }] },
      ],
    })

    expect(layers.map(({ name }) => name)).toEqual(['client', 'whole-api'])
    expect(layers.flatMap(({ rules }) => rules.map(({ name }) => name))).toEqual([
      'client-1',
      'client-2',
      'whole-api-1',
    ])
    expect(layers[0]?.rules[1]).toMatchObject({
      quotas: [],
      partition: [{ by: 'ip' }, { by: 'header', name: 'x-tenant' }],
    })
    expect(layers[1]?.rules[0]?.partition).toEqual([{ by: 'everyone' }])
  })

  test('runs a regular expression from the start of the path, with the engine that is passed', () => {
    const { layers } = parsePolicy({ rules: [{ regex: '/user/\\d+', quotas: '1/s' }] }, { regex: re2 })
    const matches = layers[0]?.rules[0]?.matches
    expect([matches?.test('/user/12/posts'), matches?.test('/a/user/12')]).toEqual([true, false])
  })
})

describe('PolicyError', () => {
  test('has each fault with its path and its keys, and all of them in its message', () => {
    const input = {
      rules: [
        { ...rule, cost: 0 },
        { ...rule, path: '/b', quotas: { limit: '100', window: '1m' } },
      ],
    }
    const issues = [
      { path: 'rules[0].cost', keys: ['rules', 0, 'cost'], message: 'must be at least 1, not 0' },
      {
        path: 'rules[1].quotas.limit',
        keys: ['rules', 1, 'quotas', 'limit'],
        message: 'must be a whole number, not text: drop the quotes',
      },
    ]
    const message = issues.map((issue) => `${issue.path}: ${issue.message}`).join('\n')
    expect(() => parsePolicy(input)).toThrow(expect.objectContaining({ name: 'PolicyError', issues, message }))
  })

  test('tells the fault of a path beside those of other keys', () => {
    const paths = (input: unknown) => {
      try {
        parsePolicy(input)
        return []
      } catch (error) {
        return (error as PolicyError).issues.map(({ path }) => path)
      }
    }
    expect(paths({ rules: [{ path: 'towns', quotas: '0/day' }] }).sort()).toEqual(['rules[0].path', 'rules[0].quotas'])
  })

  test('asks for an engine where a rule has a regular expression', () => {
    expect(() => parsePolicy({ rules: [{ regex: '/a', quotas: '1/s' }] })).toThrow(
      "rules[0].regex: needs an engine: import { re2 } from 'spillway/regex' and pass { regex: re2 }",
    )
  })
})
