import { expect, test } from 'vitest'
import { policyOf } from './policy.fixture.js'
import { uncoveredGroup } from './uncovered-group.js'

const keys = 'identity: [{ header: { name: x-api-key, groups: { k-1: admin, k-2: gold } } }, ip: {}]\n'
const warned = (text: string) => uncoveredGroup(policyOf(text))

test('a group that no rule of a path is for passes unlimited, and is named', () => {
  const [warning, ...more] = warned(
    `${keys}rules: [{ path: /towns, group: admin, quotas: 10/s }]`.replace('ip: {}', '{ ip: {} }'),
  )

  expect(more).toEqual([])
  expect(warning).toMatchObject({ path: 'rules[0].group', message: expect.stringContaining('gold, default') })
})

test('a rule without group covers everybody', () => {
  expect(
    warned(
      `${keys}rules:
      - { path: /towns, group: admin, quotas: 10/s }
      - { path: '/**', quotas: 1/s }`.replace('ip: {}', '{ ip: {} }'),
    ),
  ).toEqual([])
})

test('rules that name every group cover everybody', () => {
  expect(
    warned(
      `${keys}rules:
      - { path: /towns, group: admin, quotas: 10/s }
      - { path: /towns, group: [gold, default], quotas: 1/s }`.replace('ip: {}', '{ ip: {} }'),
    ),
  ).toEqual([])
})

test('a shadow rule covers nobody, nor does one for another method', () => {
  const beside = (rule: string) =>
    warned(`rules:\n  - { path: /a, group: admin, quotas: 10/s }\n  - { path: /a, quotas: 1/s, ${rule} }`)

  expect(beside('mode: shadow')).toHaveLength(1)
  expect(beside('method: POST')).toHaveLength(1)
  expect(beside('cost: 1')).toEqual([])
})

test('where a token names the group, there may always be another', () => {
  const [warning] = warned(`
identity: [{ jwt: { secret: ${'x'.repeat(32)}, algorithms: [HS256], group: plan } }]
rules: [{ path: /a, group: [default, pro], quotas: 1/s }]`)

  expect(warning?.message).toContain('any other group that a token names')
})

test('an exemption for one group asks nothing of the others', () => {
  expect(
    warned("rules:\n  - { path: '/**', group: admin, quotas: unlimited }\n  - { path: /towns, quotas: 1/s }"),
  ).toEqual([])
})
