import { describe, expect, it } from 'vitest'
import type { IdentityConfig } from '../policy/policy.js'
import { identitySources } from './from-config.js'
import { hashCredential } from './hash.js'
import { signed } from './issuer.fixture.js'
import { request } from './request.fixture.js'

const secret = 'a secret of thirty-two characters'
const configs: IdentityConfig[] = [
  { source: 'jwt', options: { secret, algorithms: ['HS256'], leeway: 1_000_000 } },
  { source: 'header', options: { name: 'x-api-key', groups: new Map([['k-123', 'admin']]), verified: false } },
  { source: 'ip', options: { trustedProxies: ['127.0.0.1'], ipv6Prefix: 56 } },
]

describe('the sources of a policy', () => {
  it('stand in its order, each with its options', async () => {
    const token = await signed({ sub: 'alice' }, { alg: 'HS256' }, new TextEncoder().encode(secret))
    const asking = request('127.0.0.1', {
      authorization: `Bearer ${token}`,
      'x-api-key': 'k-123',
      'x-forwarded-for': '203.0.113.9',
    })
    const found = await Promise.all(identitySources(configs).map((source) => source(asking)))
    expect(found).toMatchObject([
      { kind: 'user', user: 'alice', group: 'default' },
      { kind: 'key', user: hashCredential('k-123'), group: 'admin' },
      { kind: 'ip', user: '203.0.113.9', group: 'default' },
    ])
  })
})
