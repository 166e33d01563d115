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

test.each(['/', '^/', '/.*', '^/.*$'])('the expression %s takes every path', (regex) => {
  const before = `  - { regex: '${regex}', quotas: 1/s }`
  expect(warned(`${before}\n  - { path: '/user/:id', quotas: 2/s }`)).toEqual(['rules[1]'])
  expect(warned(`${before}\n  - { regex: '/user/\\d+', quotas: 2/s }`)).toEqual(['rules[1]'])
})

test.each(['/$', '/.', '/.+', '/u.*'])('the expression %s does not', (regex) => {
  expect(warned(`  - { regex: '${regex}', quotas: 1/s }\n  - { path: '/:id', quotas: 2/s }`)).toEqual([])
})

test('rules that have every method of it between them leave nothing to a rule', () => {
  const rules = `  - { path: /a, method: GET, quotas: 1/s }
  - { path: '/:x', method: [POST, DELETE], quotas: 1/s }
  - { path: /a, method: [HEAD, POST], quotas: 2/s }`

  expect(warned(rules)).toEqual(['rules[2]'])
  expect(warned(rules.replace('[HEAD, POST]', '[HEAD, PUT]'))).toEqual([])
  expect(warned(rules.replace(', method: [HEAD, POST]', ''))).toEqual([])
  expect(warned(rules.replace('method: GET', 'method: GET, mode: shadow'))).toEqual([])
})

test('of every method, rules that have every group between them leave nothing', () => {
  const rules = `  - { path: /a, method: GET, group: admin, quotas: 9/s }
  - { path: /a, group: admin, quotas: 1/s }
  - { path: /a, method: GET, group: default, quotas: 1/s }
  - { path: /a, method: GET, quotas: 2/s }`

  expect(warned(rules, keys)).toEqual(['rules[3]'])
  expect(warned(rules.replace(/method: GET, quotas: 2/, 'method: [GET, POST], quotas: 2'), keys)).toEqual([])
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
