import { expect, test } from 'vitest'
import { PUBLIC_KEY_ALGORITHMS, SHARED_KEY_ALGORITHMS } from '../identity/jwt-algorithms.js'
import { faultsOf, top } from './faults.fixture.js'

const itself: Record<string, unknown> = { kty: 'RSA' }
itself.loop = itself

const jwt = (options: object) => top({ identity: [{ jwt: options }] })

test.each<readonly [fault: string, input: unknown]>([
  ['identity: must be a list, not an object', top({ identity: {} })],
  ['identity[0]: must be an object with one of the keys `jwt`, `header`, `ip`', top({ identity: [{}] })],
  [
    'identity[0]: must be an object with one of the keys `jwt`, `header`, `ip`',
    top({ identity: [{ jwt: {}, ip: {} }] }),
  ],
  ['identity[0].cookie: unknown key: the keys here are jwt, header, ip', top({ identity: [{ cookie: {} }] })],
  [
    'identity[0].header: lets anyone invent a fresh budget: list the known keys under `groups`, or say `verified: true` where somebody in front has checked it',
    top({ identity: [{ header: { name: 'x-api-key' } }] }),
  ],
  [
    'identity[0].header.groups[0]: must be text, not 5: put it in quotes',
    top({ identity: [{ header: { name: 'x-api-key', groups: { 'k-secret': 5 } } }] }),
  ],
  [
    'identity[0].header.name: is not the name of a header field',
    top({ identity: [{ header: { name: 'x api', verified: true } }] }),
  ],
  [
    'identity[0].header.groups[0]: `__proto__` cannot be a key here',
    top({ identity: [{ header: { name: 'x-api-key', groups: JSON.parse('{"__proto__": "admin"}') } }] }),
  ],
  [
    'identity[1]: is never asked: `ip` before it finds everyone, so put `ip` last',
    top({ identity: [{ ip: {} }, { header: { name: 'a', verified: true } }] }),
  ],
  ['identity[0].ip.ipv6Prefix: must be at most 128, not 129', top({ identity: [{ ip: { ipv6Prefix: 129 } }] })],
  [
    'identity[0].ip.ipv6Network: must be wider than `ipv6Prefix`: at most 48 bits',
    top({ identity: [{ ip: { ipv6Prefix: 48, ipv6Network: 64 } }] }),
  ],
  ['identity[0].ip: has no value: it must be an object', top({ identity: [{ ip: null }] })],
  ['identity[0].jwt.algorithms: is missing: it must be text such as RS256, or a list', jwt({ secret: 'x' })],
  ['identity[0].jwt: must have exactly one of `secret`, `publicKey` and `jwks`', jwt({ algorithms: ['HS256'] })],
  [
    'identity[0].jwt: must have exactly one of `secret`, `publicKey` and `jwks`',
    jwt({ secret: 'x', jwks: 'https://a/b', algorithms: 'HS256' }),
  ],
  [
    'identity[0].jwt.algorithms: RS256 cannot go with `secret`: take HS256, HS384, HS512',
    jwt({ secret: 'x', algorithms: ['RS256'] }),
  ],
  [
    'identity[0].jwt.algorithms: HS256 cannot go with `jwks`: take RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519',
    jwt({ jwks: 'https://a', algorithms: ['HS256', 'RS256'] }),
  ],
  [
    'identity[0].jwt.algorithms[0]: accepts forged tokens: `none` is never allowed',
    jwt({ secret: 'x', algorithms: ['none'] }),
  ],
  [
    'identity[0].jwt.algorithms[0]: must be one of `HS256`, `HS384`, `HS512`, `RS256`, `RS384`, `RS512`, `PS256`, `PS384`, `PS512`, `ES256`, `ES384`, `ES512`, `EdDSA`, `Ed25519`: did you mean `HS256`?',
    jwt({ secret: 'x', algorithms: ['HS265'] }),
  ],
  [
    'identity[0].jwt.publicKey: must be a PEM text that begins with -----BEGIN PUBLIC KEY-----',
    jwt({ publicKey: 'x', algorithms: 'RS256' }),
  ],
  [
    'identity[0].jwt.publicKey: is a private key: give the public one',
    jwt({ publicKey: '-----BEGIN PRIVATE KEY-----', algorithms: 'RS256' }),
  ],
  [
    'identity[0].jwt.publicKey: is a shared secret: write it as `secret`',
    jwt({ publicKey: { kty: 'oct', k: 'x' }, algorithms: 'RS256' }),
  ],
  [
    'identity[0].jwt.publicKey.loop.loop.loop.loop.loop.loop.loop.loop: lies more than 8 levels deep',
    jwt({ publicKey: itself, algorithms: 'RS256' }),
  ],
  [
    'identity[0].jwt.jwks: must be the URL of a JSON Web Key Set that starts with https:// or http://',
    jwt({ jwks: 'ftp://a', algorithms: 'RS256' }),
  ],
])('says %s', (fault, input) => {
  expect(faultsOf(input)).toEqual([fault])
})

test('takes every algorithm that the source of tokens does', () => {
  expect(faultsOf(jwt({ secret: 'x', algorithms: SHARED_KEY_ALGORITHMS }))).toEqual([])
  expect(faultsOf(jwt({ jwks: 'https://a', algorithms: PUBLIC_KEY_ALGORITHMS }))).toEqual([])
})
