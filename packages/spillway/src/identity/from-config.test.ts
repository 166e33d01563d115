import { describe, expect, it } from 'vitest'
import type { IdentityConfig } from '../policy/policy.js'
import { addressReaderOf, identitySources } from './from-config.js'
import { signed } from './issuer.fixture.js'
import { request } from './request.fixture.js'

const secret = 'a secret of thirty-two characters'
const configs: IdentityConfig[] = [
  { source: 'jwt', options: { secret, algorithms: ['HS256'], leeway: 1_000_000 } },
  { source: 'header', options: { name: 'x-api-key', groups: new Map([['k-123', 'admin']]), verified: false } },
  { source: 'ip', options: { trustedProxies: ['127.0.0.1'], ipv6Prefix: 56 } },
]

describe('the sources of a policy', () => {
  it('are asked in its order', async () => {
    const token = await signed({ sub: 'alice' }, { alg: 'HS256' }, new TextEncoder().encode(secret))
    const asking = request('127.0.0.1', {
      authorization: `Bearer ${token}`,
      'x-api-key': 'k-123',
      'x-forwarded-for': '203.0.113.9',
    })
    const found = await Promise.all(identitySources(configs).map((source) => source(asking)))
    expect(found.map((identity) => [identity?.kind, identity?.group])).toEqual([
      ['user', 'default'],
      ['key', 'admin'],
      ['ip', 'default'],
    ])
  })

  it('share with the partitions one way to read an address', () => {
    expect(addressReaderOf(configs)(request('127.0.0.1', { 'x-forwarded-for': '2001:db8:1:2ff::1' }))).toMatchObject({
      address: '2001:db8:1:200::/56',
      network: '2001:db8:1::/48',
    })
  })

  it('leave, where they name no ip, the address of the connection', () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    expect(addressReaderOf([])(request('127.0.0.1', headers))?.address).toBe('127.0.0.1')
  })
})
