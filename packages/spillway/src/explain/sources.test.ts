import { describe, expect, it } from 'vitest'
import { request } from '../../test/verdicts.js'
import { hashCredential } from '../identity/hash.js'
import { forged } from '../identity/issuer.fixture.js'
import { parsePolicy } from '../policy/parse-policy.js'
import type { PolicyInput } from '../policy/policy-input.js'
import { memoryStore } from '../store/memory/memory.js'
import { explain } from './explain.js'

const KEY = 'k-very-secret-key'
const SECRET = 'a-secret-of-thirty-two-characters'
const rules: PolicyInput['rules'] = [{ name: 'towns', path: '/towns', quotas: '1/minute' }]
const identity = [
  { jwt: { secret: SECRET, algorithms: ['HS256'] } },
  { header: { name: 'x-api-key', groups: { [KEY]: 'admin' } } },
  { ip: { trustedProxies: ['192.0.2.1'] } },
]

function explained(headers: Readonly<Record<string, string>>, input: object = { identity }) {
  const policy = parsePolicy({ rules, ...input })
  return explain(policy, request('GET', '/towns', headers), { store: memoryStore() })
}

const token = forged({ alg: 'HS256' }, { sub: 'alice' }, 'A'.repeat(43))

describe('an explanation of who asks', () => {
  it('says of each source what it was told or what it missed', async () => {
    const { sources, identity: found } = await explained({ 'x-api-key': KEY })

    expect(sources).toEqual([
      { source: 'jwt', outcome: 'silent', because: 'there is no Authorization' },
      { source: 'header', outcome: 'answered', because: 'x-api-key holds a known key' },
      { source: 'ip', outcome: 'not-asked', because: 'header had answered' },
    ])
    expect(found).toEqual({ kind: 'key', user: hashCredential(KEY).slice(0, 12), group: 'admin' })
  })

  it('says what is wrong with a token, and with a key', async () => {
    const { sources } = await explained({ authorization: `Bearer ${token}`, 'x-api-key': 'unknown' })

    expect(sources.map(({ because }) => because)).toEqual([
      'the token does not verify: signature verification failed',
      'the key in x-api-key is not known',
      'the address of the connection',
    ])
    expect((await explained({ authorization: 'Basic YTpi' })).sources[0]?.because).toBe(
      'Authorization holds no Bearer token',
    )
  })

  it('tells a forwarding header that is believed from one that is not', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' }
    const believed = await explained(headers)
    expect(believed.sources[2]?.because).toBe('read from X-Forwarded-For, which a trusted proxy sent')
    expect(believed.identity?.user).toBe('203.0.113.7')

    const { sources } = await explained(headers, { identity: [{ ip: {} }] })
    expect(sources[0]?.because).toMatch(/^the address of the connection: X-Forwarded-For tells no other/)
  })

  it('says who ended the search with 401, and that nobody was found', async () => {
    const denying = [{ jwt: { secret: SECRET, algorithms: ['HS256'], onInvalidToken: 'deny' } }, { ip: {} }]
    const refused = await explained({ authorization: `Bearer ${token}` }, { identity: denying })
    expect(refused).toMatchObject({
      sources: [{ outcome: 'refused' }, { outcome: 'not-asked' }],
      layers: [],
      verdict: { kind: 'unidentified' },
      answer: { status: 401 },
    })
    expect(refused.sources[0]?.because).toMatch(/onInvalidToken is deny: signature verification failed$/)

    const nobody = await explained({}, { identity: identity.slice(0, 2), anonymous: 'deny' })
    expect(nobody.sources.map(({ outcome }) => outcome)).toEqual(['silent', 'silent'])
    expect(nobody.verdict.kind).toBe('unidentified')
  })

  it('holds no credential: of a key the start of its hash, of a header that names a partition too', async () => {
    const partition = ['user', 'header:x-api-key', 'header:x-tenant']
    const input = { identity, rules: [{ name: 'towns', path: '/towns', quotas: '1/minute', partition }] }
    const headers = { 'x-api-key': KEY, 'x-tenant': 'tenant-token', authorization: `Bearer ${token}` }
    const explanation = await explained(headers, input)
    const hash = hashCredential(KEY).slice(0, 12)

    expect(explanation.layers[0]?.rules[0]).toMatchObject({
      partition: `key:${hash}…,header:x-api-key=${hash}…,header:x-tenant=${hashCredential('tenant-token').slice(0, 12)}…`,
    })
    const text = JSON.stringify(explanation)
    for (const secret of [KEY, 'tenant-token', token, SECRET, hashCredential(KEY)]) {
      expect(text).not.toContain(secret)
    }
  })
})
