import { expect, test } from 'vitest'
import { policyOf } from './policy.fixture.js'
import { spelledOtherwise } from './spelled-otherwise.js'

const warned = (yaml: string) => spelledOtherwise(policyOf(yaml)).map(({ path, message }) => [path, message])

test.each([
  ['/users/@me', '@ as %40'],
  ['/towns:search', ': as %3A'],
  ['/users/:id/files/a+b/**', '+ as %2B'],
])('%s may be passed by an escape', (path, spelling) => {
  expect(warned(`rules: [{ name: r, path: "${path}", quotas: 1/s }]`)).toEqual([
    ['rules[0].path', expect.stringContaining(spelling)],
  ])
})

test.each(['/users/:id', '/towns/*', '/a-b_c.d~e/**', '/st%C3%A4dte', '/städte'])('%s may not', (path) => {
  expect(warned(`rules: [{ path: "${path}", quotas: 1/s }]`)).toEqual([])
})

test('a rule that limits the other spelling too answers for it, one that limits nothing does not', () => {
  const beside = (path: string, quotas: string) =>
    warned(`rules: [{ path: /users/@me, quotas: 1/s }, { path: ${path}, quotas: ${quotas} }]`)
  expect(beside('/users/%40me', '1/s')).toEqual([])
  expect(beside('/**', '1/s')).toEqual([])
  expect(beside('/**', 'unlimited')).toHaveLength(1)
})

test.each(['mode: shadow', 'enforce: 10%', 'method: GET', 'group: gold'])(
  'one with %s leaves some of its requests without a limit',
  (more) => {
    const rules = `[{ path: /users/@me, quotas: 1/s }, { path: /users/%40me, quotas: 1/s, ${more} }]`
    expect(warned(`rules: ${rules}`)).toHaveLength(1)
  },
)

test('rules that have its methods and groups between them answer for it', () => {
  const beside = (...groups: readonly string[]) =>
    warned(`rules:
  - { path: /users/@me, quotas: 1/s, method: GET, group: [gold, silver] }
${groups.map((group) => `  - { path: /users/%40me, quotas: 1/s, method: [GET, POST], group: ${group} }`).join('\n')}`)
  expect(beside('[gold, silver]')).toEqual([])
  expect(beside('gold', 'silver')).toEqual([])
  expect(beside('gold')).toHaveLength(1)
})

test('who limits nothing is passed by nobody', () => {
  expect(warned('rules: [{ path: /users/@me, quotas: unlimited }]')).toEqual([])
})
