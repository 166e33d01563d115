import { describe, expect, it } from 'vitest'
import type { IdentityConfig } from '../policy/policy.js'
import { identitySources } from './from-config.js'
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
})
