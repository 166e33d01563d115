import { describe, expect, test } from 'vitest'
import { policyOf } from './policy.fixture.js'
import { tokenSources } from './token-sources.js'
import { trustEveryone } from './trust-everyone.js'
import { weakSecret } from './weak-secret.js'

const withIdentity = (sources: string) => policyOf(`identity: [${sources}]\nrules: [{ path: /a, quotas: 1/s }]`)
const jwt = (secret: string, algorithm = 'HS256') => `{ jwt: { secret: ${secret}, algorithms: [${algorithm}] } }`

describe('a secret that can be guessed', () => {
  test('is shorter than the hash that it keys, and is not shown', () => {
    const [warning] = weakSecret(withIdentity(jwt('hunter2')))

    expect(warning).toMatchObject({ path: 'identity[0].jwt.secret', message: expect.stringContaining('32 bytes') })
    expect(warning?.message).not.toContain('hunter2')
    expect(weakSecret(withIdentity(jwt('x'.repeat(63), 'HS512')))).toHaveLength(1)
  })

  test('bytes count, not letters', () => {
    expect(weakSecret(withIdentity(jwt('é'.repeat(16))))).toEqual([])
    expect(weakSecret(withIdentity(jwt('x'.repeat(64), 'HS512')))).toEqual([])
  })
})

describe('the token of the admin listener', () => {
  const withToken = (token: string) =>
    policyOf(`admin: { listen: "127.0.0.1:9090", token: ${token} }\nrules: [{ path: /a, quotas: 1/s }]`)

  test('is warned of where it is short, and not shown', () => {
    const [warning] = weakSecret(withToken('hunter2'))
    expect(warning).toMatchObject({ path: 'admin.token', message: expect.stringContaining('16 characters') })
    expect(warning?.message).not.toContain('hunter2')
  })

  test('is right where it is long, or not there', () => {
    expect(weakSecret(withToken('0123456789abcdef'))).toEqual([])
    expect(weakSecret(policyOf('admin: { listen: "127.0.0.1:9090" }\nrules: [{ path: /a, quotas: 1/s }]'))).toEqual([])
  })
})

describe('keys for tokens over a network', () => {
  const jwks = (url: string) => tokenSources(withIdentity(`{ jwt: { jwks: "${url}", algorithms: [RS256] } }`))

  test('are warned of where anybody on the way can change them', () => {
    expect(jwks('http://keys.example/jwks')).toMatchObject([{ path: 'identity[0].jwt.jwks' }])
  })

  test.each(['https://keys.example/jwks', 'http://127.0.0.1:8000/jwks', 'http://[::1]/jwks'])(
    'are right: %s',
    (url) => {
      expect(jwks(url)).toEqual([])
    },
  )
})

describe('a source of tokens behind one that refuses those of others', () => {
  const two = (first: string, second = '') => {
    const source = (letter: string, more: string) =>
      `{ jwt: { secret: ${letter.repeat(32)}, algorithms: [HS256]${more} } }`
    return tokenSources(withIdentity(`${source('x', first)}, ${source('y', second)}`))
  }

  test('is never asked', () => {
    expect(two(', onInvalidToken: deny')).toMatchObject([
      { path: 'identity[1].jwt', message: expect.stringContaining('identity[0] refuses') },
    ])
  })

  test('is asked where the other passes them on, or reads another header', () => {
    expect(two('')).toEqual([])
    expect(two('', ', onInvalidToken: deny')).toEqual([])
    expect(two(', onInvalidToken: deny, header: X-Token')).toEqual([])
  })
})

describe('trusted proxies that are everybody', () => {
  test.each(['0.0.0.0/0', '"::/0"', '"::ffff:0:0/96"', '"::ffff:0.0.0.0/96"', '"2000::/3"', '10.0.0.0/0'])(
    '%s is',
    (range) => {
      expect(trustEveryone(withIdentity(`{ ip: { trustedProxies: [10.0.0.0/8, ${range}] } }`))).toMatchObject([
        { path: 'identity[0].ip.trustedProxies[1]' },
      ])
    },
  )

  test.each([
    '0.0.0.0/1, 10.0.0.0/8, 128.0.0.0/1',
    '0.0.0.0/1, 128.0.0.0/2, "::ffff:192.0.0.0/98"',
    '"2000::/4", "3000::/4"',
  ])('%s are together', (ranges) => {
    expect(trustEveryone(withIdentity(`{ ip: { trustedProxies: [${ranges}] } }`))).toMatchObject([
      { path: 'identity[0].ip.trustedProxies', message: expect.stringContaining('everybody together') },
    ])
  })

  test.each([
    '10.0.0.0/8, "::1"',
    '0.0.0.0/8',
    '0.0.0.0/1, 128.0.0.0/2',
    '"::ffff:10.0.0.0/104"',
    '"fc00::/7"',
    '"::/3"',
  ])('networks of their own are not: %s', (ranges) => {
    expect(trustEveryone(withIdentity(`{ ip: { trustedProxies: [${ranges}] } }`))).toEqual([])
  })
})
