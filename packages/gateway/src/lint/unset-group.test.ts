import { expect, test } from 'vitest'
import { policyOf } from './policy.fixture.js'
import { unsetGroup } from './unset-group.js'

const identity = 'identity: [{ header: { name: x-api-key, groups: { k-1: admin } } }, { ip: {} }]\n'

test('a group that no identity source sets is named', () => {
  const warnings = unsetGroup(policyOf(`${identity}rules: [{ path: /a, group: [admin, admins], quotas: 1/s }]`))

  expect(warnings).toMatchObject([{ path: 'rules[0].group', message: expect.stringContaining('admins') }])
})

test('groups of known keys, and default, are set', () => {
  expect(unsetGroup(policyOf(`${identity}rules: [{ path: /a, group: [admin, default], quotas: 1/s }]`))).toEqual([])
})

test('nobody is in default where everybody must have a key', () => {
  const policy = policyOf(
    `anonymous: deny\n${identity.replace(', { ip: {} }', '')}rules: [{ path: /a, group: default, quotas: 1/s }]`,
  )

  expect(unsetGroup(policy)).toHaveLength(1)
})

test('a token may set any group', () => {
  const jwt = `identity: [{ jwt: { secret: ${'x'.repeat(32)}, algorithms: [HS256], group: plan } }]\n`

  expect(unsetGroup(policyOf(`${jwt}rules: [{ path: /a, group: pro, quotas: 1/s }]`))).toEqual([])
})
