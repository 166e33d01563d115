import { beforeAll, describe, expect, it } from 'vitest'
import type { Identity, IdentitySource } from './identity.js'
import type { Issuer } from './issuer.fixture.js'
import { forged, issuer, signed } from './issuer.fixture.js'
import { jwt } from './jwt.js'
import type { JwtOptions } from './jwt-options.js'
import { request } from './request.fixture.js'

const secret = 'a secret of thirty-two characters'
const secretKey = new TextEncoder().encode(secret)
const noon = new Date('2026-06-01T12:00:00Z')
const seconds = noon.getTime() / 1_000
const options: JwtOptions = { secret, algorithms: ['HS256'], group: 'plan', now: () => noon }

const bearer = (token: string) => request('192.0.2.1', { authorization: `Bearer ${token}` })
const find = async (source: IdentitySource, token: string): Promise<Identity | undefined> => source(bearer(token))
const hs256 = (claims: Record<string, unknown>, header = {}) => signed(claims, { alg: 'HS256', ...header }, secretKey)

let issuers: Record<string, Issuer>
beforeAll(async () => {
  const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
  issuers = Object.fromEntries(await Promise.all(algorithms.map(async (alg) => [alg, await issuer(alg)] as const)))
}, 60_000)

describe('a token that verifies', () => {
  it('identifies its user, in the group of its claim, with its claims', async () => {
    const token = await hs256({ sub: 'alice', plan: 'gold', org: 'acme' })
    expect(await find(jwt(options), token)).toEqual({
      kind: 'user',
      user: 'alice',
      group: 'gold',
      claims: { sub: 'alice', plan: 'gold', org: 'acme' },
    })
  })

  it.each(['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'])(
    'may be signed with %s, the key given in PEM or as a JWK',
    async (alg) => {
      const { publicPem, publicJwk, sign } = issuers[alg] as Issuer
      const token = await sign({ sub: 'alice' })
      for (const publicKey of [publicPem, `\n${publicPem}\n`, { ...publicJwk }]) {
        expect(await find(jwt({ publicKey, algorithms: [alg] }), token)).toMatchObject({
          user: 'alice',
          group: 'default',
        })
      }
    },
  )

  it('names a user by a number as by its digits', async () => {
    expect(await find(jwt(options), await hs256({ sub: 7 }))).toMatchObject({ user: '7' })
  })

  it('may name its user in another claim, even one named like a property of every object', async () => {
    const token = await hs256({ 'https://example.com/login': 'alice' })
    expect(await find(jwt({ ...options, user: 'https://example.com/login' }), token)).toMatchObject({ user: 'alice' })
    expect(await find(jwt({ ...options, user: 'constructor' }), token)).toBeUndefined()
  })

  it.each([undefined, '', 7, ['gold'], null])('is in the default group where its claim is %j', async (plan) => {
    expect(await find(jwt(options), await hs256({ sub: 'alice', plan }))).toMatchObject({ group: 'default' })
  })

  it('may stand bare in another header', async () => {
    const token = await hs256({ sub: 'alice' })
    const source = jwt({ ...options, header: 'X-Token' })
    expect(await source(request('192.0.2.1', { 'x-token': token }))).toMatchObject({ user: 'alice' })
    expect(await source(request('192.0.2.1', { 'x-token': `Bearer ${token}` }))).toBeUndefined()
    expect(await source(bearer(token))).toBeUndefined()
  })

  it('is read after Bearer in any letter case', async () => {
    const token = await hs256({ sub: 'alice' })
    expect(await jwt(options)(request('192.0.2.1', { authorization: `bEARER ${token}` }))).toMatchObject({
      user: 'alice',
    })
  })
})

/** Self-signed for a P-256 key, with a token that this key signed. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBiTCCAS+gAwIBAgIUXtVvNcl27TIW/eDIUWd3DkMGk0cwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOaXNzdWVyLmV4YW1wbGUwIBcNMjYxMTIyMDYyMTUzWhgPMjEy
NjEwMjkwNjIxNTNaMBkxFzAVBgNVBAMMDmlzc3Vlci5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEng3pk9s2UvfFvV/VE2A9woRAB3h+L6gJwCQUdlhL
SPJdTTN528lC6ZmRVCxJcE0h1j1hCLXZlOnKXVleHvXXvaNTMFEwHQYDVR0OBBYE
FG1uCPdgnxwOvMt4TOa9YnTh6GV6MB8GA1UdIwQYMBaAFG1uCPdgnxwOvMt4TOa9
YnTh6GV6MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgCW+HtVNM
0v12H7qbjqniXrrHpe21P2MV6TysFRFEJn0CIQCSWYTh1fns6PxYh5TfD2NeLfwh
ROiOB2ZVqzyLmOlHyQ==
-----END CERTIFICATE-----`
const certified = [
  'eyJhbGciOiJFUzI1NiJ9',
  'eyJzdWIiOiJhbGljZSJ9',
  'PMxWwjjb1jKFkM1dBUTzcFnPaRGkAB6xRorNEWV5-K278Y-ZSfbn_lY17q37ejQMNJvRAQajMEMec7DaGAPe5Q',
].join('.')

describe('a key in a certificate', () => {
  it('verifies what it signed, and goes with its own algorithm alone', async () => {
    expect(await find(jwt({ publicKey: certificate, algorithms: ['ES256'] }), certified)).toMatchObject({
      user: 'alice',
    })
    expect(() => jwt({ publicKey: certificate, algorithms: ['RS256'] })).toThrow('jwt: algorithms for this publicKey')
  })

  it('that is damaged fails loudly with the first token, for no token would ever verify', async () => {
    const damaged = certificate.replace(/^SPJdTTN.*\n/m, '')
    await expect(find(jwt({ publicKey: damaged, algorithms: ['ES256'] }), certified)).rejects.toThrow(
      'jwt: publicKey cannot be read',
    )
  })
})

describe('its time', () => {
  const lenient = (leeway: string | number) => jwt({ ...options, leeway })

  it('ends at exp, and begins at nbf', async () => {
    expect(await find(jwt(options), await hs256({ sub: 'alice', exp: seconds + 1, nbf: seconds }))).toBeDefined()
    expect(await find(jwt(options), await hs256({ sub: 'alice', exp: seconds }))).toBeUndefined()
    expect(await find(jwt(options), await hs256({ sub: 'alice', nbf: seconds + 1 }))).toBeUndefined()
  })

  it.each(['30s', 30_000_000])('is stretched by a leeway of %j at both ends, and no further', async (leeway) => {
    expect(
      await find(lenient(leeway), await hs256({ sub: 'alice', exp: seconds - 29, nbf: seconds + 30 })),
    ).toBeDefined()
    expect(await find(lenient(leeway), await hs256({ sub: 'alice', exp: seconds - 30 }))).toBeUndefined()
    expect(await find(lenient(leeway), await hs256({ sub: 'alice', nbf: seconds + 31 }))).toBeUndefined()
  })

  it('is told by the system where no clock is given', async () => {
    const { now: _, ...timed } = options
    const present = Math.floor(Date.now() / 1_000)
    expect(await find(jwt(timed), await hs256({ sub: 'alice', exp: present + 600 }))).toBeDefined()
    expect(await find(jwt(timed), await hs256({ sub: 'alice', exp: present - 600 }))).toBeUndefined()
  })
})

describe('issuer and audience', () => {
  const strict = jwt({ ...options, issuer: ['https://a.example', 'https://b.example'], audience: 'api' })

  it('must be what is expected', async () => {
    expect(
      await find(strict, await hs256({ sub: 'alice', iss: 'https://b.example', aud: ['web', 'api'] })),
    ).toBeDefined()
  })

  it.each([
    { iss: 'https://a.example' },
    { aud: 'api' },
    { iss: 'https://c.example', aud: 'api' },
    { iss: 'https://a.example', aud: 'web' },
    { iss: ['https://a.example'], aud: 'api' },
  ])('do not fit in %j', async (claims) => {
    expect(await find(strict, await hs256({ sub: 'alice', ...claims } as Record<string, unknown>))).toBeUndefined()
  })
})

describe('a token that does not verify', () => {
  const rsaOnly = () => ({ publicKey: (issuers.RS256 as Issuer).publicPem, algorithms: ['RS256'] })
  const claims = { sub: 'alice', exp: seconds + 600 }

  const forgeries: Record<string, () => Promise<[JwtOptions, string]>> = {
    'that is not signed': async () => [options, forged({ alg: 'none' }, claims)],
    'that says none and brings a signature': async () => [options, forged({ alg: 'None' }, claims, 'AAAA')],
    'that uses the public key as a shared secret': async () => {
      const pem = new TextEncoder().encode((issuers.RS256 as Issuer).publicPem)
      return [rsaOnly(), await signed(claims, { alg: 'HS256' }, pem)]
    },
    'signed with an algorithm that is not allowed': async () => [
      options,
      await signed(claims, { alg: 'HS384' }, new Uint8Array(64)),
    ],
    'signed with another secret': async () => [options, await signed(claims, { alg: 'HS256' }, new Uint8Array(32))],
    "signed with somebody else's key": async () => [rsaOnly(), await (await issuer('RS256')).sign(claims)],
    'that brings its own key': async () => {
      const other = await issuer('RS256')
      return [rsaOnly(), await other.sign(claims, { jwk: other.publicJwk })]
    },
    'whose claims were changed': async () => {
      const [head, , signature] = (await hs256(claims)).split('.')
      return [options, `${head}.${forged({}, { sub: 'root' }).split('.')[1]}.${signature}`]
    },
    'with an extension that must be understood': async () => [
      options,
      forged({ alg: 'HS256', crit: ['exp'], exp: 1 }, claims, 'AAAA'),
    ],
    'without a user': async () => [options, await hs256({ plan: 'gold' })],
    'with an empty user': async () => [options, await hs256({ sub: '' })],
    'whose user is an object': async () => [options, await hs256({ id: { name: 'alice' } })],
    'of a megabyte': async () => [options, await hs256({ sub: 'a'.repeat(1_000_000) })],
    'just above the longest': async () => [options, await hs256({ sub: 'a'.repeat(6_200) })],
    'with a second token after it': async () => [options, `${await hs256(claims)}, Bearer ${await hs256(claims)}`],
    'in more spaces than one': async () => [options, ` ${await hs256(claims)}`],
    'whose claims are no object': async () => [options, forged({ alg: 'HS256' }, ['alice'], 'AAAA')],
    'whose times are texts': async () => [options, await hs256({ sub: 'alice', exp: '2030' })],
    'that is encrypted': async () => [options, 'a.b.c.d.e'],
    'of dots': async () => [options, '..'],
    'of garbage': async () => [options, '\u0000ÿ.\u0001.\u0002'],
    'of nothing': async () => [options, ''],
  }

  it.each(Object.keys(forgeries))('%s is nobody, or refused under deny', async (name) => {
    const [accepted, token] = await (forgeries[name] as () => Promise<[JwtOptions, string]>)()
    expect(await find(jwt(accepted), token)).toBeUndefined()
    await expect(find(jwt({ ...accepted, onInvalidToken: 'deny' }), token)).rejects.toMatchObject({
      name: 'IdentityError',
      code: 'ERR_SPILLWAY_INVALID_TOKEN',
      message: 'The token is not valid.',
    })
  })
})

describe('no token', () => {
  it.each([
    {},
    { authorization: '' },
    { authorization: 'Basic YTpi' },
    { authorization: 'Bearer' },
    { authorization: 'BearerX a.b.c' },
    { 'x-token': 'a.b.c' },
  ])('is in %j: nobody, even under deny, and no promise to wait for', (headers) => {
    expect(
      jwt({ ...options, onInvalidToken: 'deny' })(request('192.0.2.1', headers as Record<string, string>)),
    ).toBeUndefined()
  })
})

describe('wrong options', () => {
  const jwk = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }
  const wrong: [Record<string, unknown>, string][] = [
    [{ secret: undefined }, 'exactly one of secret, publicKey and jwks'],
    [{ publicKey: jwk }, 'exactly one of secret, publicKey and jwks'],
    [{ secret: '' }, 'jwt: secret'],
    [{ secret: '-----BEGIN PUBLIC KEY-----\nAA\n-----END PUBLIC KEY-----' }, 'give it as publicKey'],
    [{ algorithms: [] }, 'jwt: algorithms'],
    [{ algorithms: undefined }, 'jwt: algorithms'],
    [{ algorithms: 'HS256' }, 'jwt: algorithms'],
    [{ algorithms: ['HS256', 'none'] }, 'not "none"'],
    [{ algorithms: ['RS256'] }, 'jwt: algorithms for secret'],
    [{ secret: undefined, publicKey: jwk, algorithms: ['HS256'] }, 'jwt: algorithms for this publicKey'],
    [{ secret: undefined, publicKey: jwk, algorithms: ['ES384'] }, 'jwt: algorithms for this publicKey'],
    [{ secret: undefined, publicKey: { ...jwk, d: 'AA' }, algorithms: ['ES256'] }, 'private'],
    [{ secret: undefined, publicKey: { kty: 'oct', k: 'AA' }, algorithms: ['HS256'] }, 'secret'],
    [{ secret: undefined, publicKey: { kty: 'EC', crv: 'P-192' }, algorithms: ['ES256'] }, 'jwt: publicKey'],
    [{ secret: undefined, publicKey: 'ssh-rsa AAAA', algorithms: ['RS256'] }, 'jwt: publicKey'],
    [
      {
        secret: undefined,
        publicKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
        algorithms: ['RS256'],
      },
      'jwt: publicKey',
    ],
    [
      {
        secret: undefined,
        publicKey: '-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----',
        algorithms: ['RS256'],
      },
      'base64',
    ],
    [{ secret: undefined, jwks: 'keys.json' }, 'jwt: jwks'],
    [{ secret: undefined, jwks: 'file:///keys.json' }, 'jwt: jwks'],
    [{ secret: undefined, jwks: 'https://u:p@example.com/' }, 'jwt: jwks'],
    [{ secret: undefined, jwks: 'https://example.com/', algorithms: ['HS256'] }, 'jwt: algorithms for jwks'],
    [{ leeway: '30' }, 'jwt: leeway'],
    [{ leeway: -1 }, 'jwt: leeway'],
    [{ leeway: Number.NaN }, 'jwt: leeway'],
    [{ user: '' }, 'jwt: user'],
    [{ group: 7 }, 'jwt: group'],
    [{ issuer: [] }, 'jwt: issuer'],
    [{ audience: 7 }, 'jwt: audience'],
    [{ header: 'x token' }, 'jwt: header'],
    [{ onInvalidToken: 'refuse' }, 'jwt: onInvalidToken'],
    [{ now: 7 }, 'jwt: now'],
    [{ isuer: 'https://a.example' }, '"isuer"'],
  ]

  it.each(wrong)('%j is refused by name', (change, words) => {
    expect(() => jwt({ ...options, ...change } as JwtOptions)).toThrow(words)
  })

  it('includes a PEM key of another type than the algorithms', () => {
    const publicKey = (issuers.ES384 as Issuer).publicPem
    expect(() => jwt({ publicKey, algorithms: ['ES384', 'ES256'] })).toThrow('jwt: algorithms for this publicKey')
    expect(() => jwt({ publicKey, algorithms: ['RS256'] })).toThrow('jwt: algorithms for this publicKey')
  })

  it('shows in no message the secret', () => {
    expect(() => jwt({ ...options, algorithms: ['RS256'] })).toThrow(/^(?!.*thirty-two)/)
  })
})
