import { expect, test } from 'vitest'
import { policyOf } from './policy.fixture.js'
import { unreachableRule } from './unreachable-rule.js'

const warned = (rules: string, more = '') =>
  unreachableRule(policyOf(`${more}\nrules:\n${rules}`)).map(({ path }) => path)

const keys = 'identity: [{ header: { name: x-api-key, groups: { k-1: admin } } }, { ip: {} }]'

test('an expression takes a path that it matches', () => {
  const after = (path: string) =>
    warned(`  - { regex: '/user/\\d+', quotas: 1/s }\n  - { path: '${path}', quotas: 2/s }`)

  expect(after('/user/42')).toEqual(['rules[1]'])
  expect(after('/USER/42/')).toEqual(['rules[1]'])
  expect(after('/user/me')).toEqual([])
  expect(after('/user/:id')).toEqual([])
})

test('under strictPaths letter case parts a path from an expression', () => {
  const rules = `  - { regex: '/user/\\d+', quotas: 1/s }\n  - { path: /USER/42, quotas: 2/s }`

  expect(warned(rules, 'strictPaths: true')).toEqual([])
})

test('rules that have every group between them leave nothing to one after them', () => {
  const rules = `  - { path: '/a/**', group: admin, quotas: 9/s }
  - { path: '/a/:id', group: default, quotas: 1/s }
  - { path: /a/b, quotas: 2/s }`

  expect(warned(rules, keys)).toEqual(['rules[2]'])
  expect(warned(rules.replace('group: default', 'group: [default, gold]'), keys)).toEqual(['rules[2]'])
  expect(warned(rules.replace('group: default', 'group: gold'), keys)).toEqual([])
})

test('a token may name another group', () => {
  const jwt = `identity: [{ jwt: { secret: ${'x'.repeat(32)}, algorithms: [HS256], group: plan } }]`

  expect(warned('  - { path: /a, group: default, quotas: 1/s }\n  - { path: /a, quotas: 2/s }', jwt)).toEqual([])
})

test('methods must be covered too, a shadow rule takes nothing, and a rule of another layer neither', () => {
  const after = (more: string) => warned(`  - { regex: '/a/.', quotas: 1/s, ${more} }\n  - { path: /a/b, quotas: 2/s }`)

  expect(after('cost: 1')).toEqual(['rules[1]'])
  expect(after('method: GET')).toEqual([])
  expect(after('mode: shadow')).toEqual([])
  expect(
    unreachableRule(
      policyOf("layers:\n  - rules: [{ regex: '/a/.', quotas: 1/s }]\n  - rules: [{ path: /a/b, quotas: 2/s }]"),
    ),
  ).toEqual([])
})

test('of thousands of rules each is read once, though each is held against all before it', () => {
  const rules = Array.from({ length: 4_000 }, (_, index) => ({ path: `/p${index}/:id`, quotas: '1/s' }))
  const policy = policyOf(JSON.stringify({ rules }))
  const began = process.cpuUsage()
  expect(unreachableRule(policy)).toEqual([])
  expect(process.cpuUsage(began).user).toBeLessThan(2_000_000)
})
