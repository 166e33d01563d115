import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashCredential } from '../identity/hash.js'
import type { Identity } from '../identity/identity.js'
import type { PartitionContext } from './partition.js'
import { partitionName } from './partition.js'
import type { PartitionPart } from './policy.js'

const alice: Identity = { kind: 'user', user: 'alice', group: 'staff' }

function context(changes: Partial<PartitionContext> = {}): PartitionContext {
  return {
    identity: alice,
    address: '192.0.2.1',
    network: '2001:db8::/48',
    path: '/towns',
    request: { method: 'GET', header: () => undefined },
    ...changes,
  }
}

function claims(values: Record<string, unknown>): PartitionContext {
  return context({ identity: { ...alice, claims: values } })
}

const by = (kind: 'user' | 'ip' | 'network' | 'group' | 'path' | 'method' | 'everyone'): PartitionPart => ({ by: kind })
const byHeader: PartitionPart = { by: 'header', name: 'x-tenant' }
const byClaim: PartitionPart = { by: 'claim', name: 'org' }

describe('partitionName', () => {
  test.each([
    ['user', 'user:alice'],
    ['ip', 'ip:192.0.2.1'],
    ['network', 'network:2001:db8::/48'],
    ['group', 'group:staff'],
    ['path', 'path:/towns'],
    ['method', 'method:GET'],
    ['everyone', 'everyone'],
  ] as const)('by %s it is %s', (kind, name) => {
    expect(partitionName([by(kind)], context())).toBe(name)
  })

  test('says of what kind a user is, so that a user called like an address is not that address', () => {
    const user = context({ identity: { ...alice, user: '192.0.2.1' } })
    const address = context({ identity: { kind: 'ip', user: '192.0.2.1', group: 'default' } })
    expect(partitionName([by('user')], user)).toBe('user:192.0.2.1')
    expect(partitionName([by('user')], address)).toBe('ip:192.0.2.1')
    expect(partitionName([by('ip')], address)).toBe('ip:192.0.2.1')
  })

  test('counts HEAD as GET', () => {
    expect(partitionName([by('method')], context({ request: { method: 'HEAD', header: () => undefined } }))).toBe(
      'method:GET',
    )
  })

  test('falls back to the identity where there is no address', () => {
    const nowhere = context({ address: undefined, network: undefined })
    expect(partitionName([by('ip')], nowhere)).toBe('user:alice')
    expect(partitionName([by('network')], nowhere)).toBe('user:alice')
  })

  test('shows the hash of a header, and tells an empty header from none', () => {
    const sent = (value: string | undefined) =>
      partitionName([byHeader], context({ request: { method: 'GET', header: () => value } }))
    expect(sent('secret')).toBe(`header:x-tenant=${hashCredential('secret')}`)
    expect(sent('')).toBe(`header:x-tenant=${hashCredential('')}`)
    expect(sent(undefined)).toBe('header:x-tenant')
  })

  test('asks for the header that the policy names', () => {
    const header = (name: string) => `of ${name}`
    expect(partitionName([byHeader], context({ request: { method: 'GET', header } }))).toBe(
      `header:x-tenant=${hashCredential('of x-tenant')}`,
    )
  })

  test('tells the claims 1 and "1" apart, and takes equal objects for one', () => {
    expect(partitionName([byClaim], claims({ org: 1 }))).toBe('claim:org=1')
    expect(partitionName([byClaim], claims({ org: '1' }))).toBe('claim:org="1"')
    expect(partitionName([byClaim], claims({ org: { b: [1], a: 2 } }))).toBe(
      partitionName([byClaim], claims({ org: { a: 2, b: [1] } })),
    )
    expect(partitionName([byClaim], claims({ org: [1, 2] }))).not.toBe(
      partitionName([byClaim], claims({ org: [2, 1] })),
    )
  })

  test('falls back to the user where the claim is absent, also one that every object inherits', () => {
    expect(partitionName([byClaim], claims({}))).toBe('user:alice')
    expect(partitionName([byClaim], context())).toBe('user:alice')
    expect(partitionName([{ by: 'claim', name: 'constructor' }], claims({}))).toBe('user:alice')
  })

  test('survives a claim that is nested thousands of levels deep', () => {
    const deep: unknown = JSON.parse('['.repeat(4_000) + ']'.repeat(4_000))
    expect(partitionName([byClaim], claims({ org: deep }))).toMatch(/^claim:org=#[\w-]{22}$/)
  })

  test('keeps only the hash of a value of more than 256 characters', () => {
    const name = partitionName([by('path')], context({ path: `/${'a'.repeat(8_000)}` }))
    expect(name).toMatch(/^path:#[\w-]{22}$/)
    expect(partitionName([by('path')], context({ path: `/${'a'.repeat(255)}` }))).toHaveLength(261)
  })

  test('joins the parts of a composite partition', () => {
    expect(partitionName([by('user'), by('path')], context())).toBe('user:alice,path:/towns')
  })

  test('never gives two different requests one name, whatever their values hold', () => {
    const parts = [by('user'), by('path'), by('group')]
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ',', '%', ':', '#', '2', 'C', '=') }),
      fc.constantFrom('', 'x,path:/y', '%2C', `#${hashCredential('a'.repeat(300))}`, 'a'.repeat(300)),
    )
    const request = fc.record({ user: value, path: value, group: value })
    const nameOf = ({ user, path, group }: { user: string; path: string; group: string }) =>
      partitionName(parts, context({ identity: { kind: 'user', user, group }, path }))

    fc.assert(
      fc.property(request, request, (one, other) => {
        const same = one.user === other.user && one.path === other.path && one.group === other.group
        expect(nameOf(one) === nameOf(other)).toBe(same)
      }),
      { numRuns: 2_000 },
    )
  })
})
