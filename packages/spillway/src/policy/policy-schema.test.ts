import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { everything } from './everything.fixture.js'
import { faultsOf } from './faults.fixture.js'
import { parsePolicy } from './parse-policy.js'
import { policySchema } from './policy-schema.js'
import { re2 } from './regex.js'

const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true }).compile(
  policySchema(),
)

const variable = (name: string) => `\${${name}}`

describe('the JSON Schema of the policy file', () => {
  test('takes a policy that uses every key, as the parser does', () => {
    expect(validate(everything), JSON.stringify(validate.errors)).toBe(true)
    expect(() => parsePolicy(everything, { regex: re2 })).not.toThrow()
  })

  test('takes layers, short forms and variables', () => {
    const quotas = { limit: variable('LIMIT:-10'), window: variable('WINDOW') }
    const layers = [{ name: 'client', partition: 'ip', rules: [{ path: '/**', quotas, cost: variable('COST') }] }]
    const policy = {
      listen: `${variable('HOST')}:8080`,
      upstream: variable('UPSTREAM'),
      store: 'memory',
      strictPaths: variable('STRICT'),
      layers,
    }
    expect(validate(policy), JSON.stringify(validate.errors)).toBe(true)
  })

  test.each([
    ['an unknown key', 'rules[0].quotas.windw', { rules: [{ path: '/a', quotas: { limit: 1, windw: '1m' } }] }],
    ['text for a number', 'rules[0].quotas.limit', { rules: [{ path: '/a', quotas: { limit: '100', window: '1m' } }] }],
    ['a rule with path and regex', 'rules[0].regex', { rules: [{ path: '/a', regex: '/a', quotas: '1/s' }] }],
    ['a rule without quotas', 'rules[0].quotas', { rules: [{ path: '/a' }] }],
    ['a duration without a unit', 'rules[0].block', { rules: [{ path: '/a', quotas: '1/s', block: 60 }] }],
    ['two sources in one', 'identity[0]', { rules: [{ path: '/a', quotas: '1/s' }], identity: [{ ip: {}, jwt: {} }] }],
    ['an unknown word', 'headers', { rules: [{ path: '/a', quotas: '1/s' }], headers: 'drafts' }],
  ])('refuses %s, as the parser does at %s', (_, place, policy) => {
    expect(validate(policy)).toBe(false)
    expect(faultsOf(policy)).toEqual([expect.stringContaining(`${place}: `)])
  })

  test('describes every key, so that an editor says what it is for', () => {
    expect(undescribed(policySchema(), '')).toEqual([])
  })

  test('is the one in spec/policy.schema.json', () => {
    const file = new URL('../../../../spec/policy.schema.json', import.meta.url)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(policySchema())))
  })
})

/** The keys without a description. */
function undescribed(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]): readonly string[] => {
    if (key !== 'properties') return undescribed(value, path)
    return Object.entries(value as Record<string, object>).flatMap(([name, property]) => {
      const own = 'description' in property ? [] : [`${path}/${name}`]
      return [...own, ...undescribed(property, `${path}/${name}`)]
    })
  })
}
