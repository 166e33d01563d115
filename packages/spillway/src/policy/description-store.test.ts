import { describe, expect, test } from 'vitest'
import { faultsOf, top } from './faults.fixture.js'
import { parsePolicy } from './parse-policy.js'

const storeOf = (store: unknown) => parsePolicy(top({ store })).gateway.store
const redis = (more: object) => top({ store: { redis: more } })

describe('where the counts are kept', () => {
  test('is memory unless said otherwise', () => {
    expect(parsePolicy(top({})).gateway.store).toBe('memory')
    expect(storeOf('memory')).toBe('memory')
  })

  test('is one server by its URL, whose port is 6379 and whose database is 0 unless said otherwise', () => {
    const address = { host: 'redis.internal', port: 6379 }

    expect(storeOf('redis://redis.internal')).toEqual({
      redis: { servers: { kind: 'single', address }, database: 0 },
    })
    expect(storeOf('redis://[::1]:7000/')).toMatchObject({
      redis: { servers: { address: { host: '::1', port: 7000 } } },
    })
  })

  test('takes user, password and database out of the URL, percent-decoded; rediss:// is TLS', () => {
    expect(storeOf('rediss://us%40er:p%2Fw@a:1/15')).toEqual({
      redis: {
        servers: { kind: 'single', address: { host: 'a', port: 1 } },
        username: 'us@er',
        password: 'p/w',
        database: 15,
        tls: {},
      },
    })
    expect(storeOf('redis://:secret@a')).toMatchObject({ redis: { password: 'secret' } })
  })

  test('takes them from beside the URL too, with how TLS is spoken and how the store is run', () => {
    const tls = { ca: 'ca.pem', cert: 'c.pem', key: 'k.pem', serverName: 'redis' }
    const beside = { username: 'u', password: 'p', database: 2, tls, prefix: 'towns:', replicas: 4 }

    expect(storeOf({ redis: { url: 'rediss://a', timeout: '20ms', ...beside } })).toEqual({
      redis: { servers: { kind: 'single', address: { host: 'a', port: 6379 } }, timeout: 20_000, ...beside },
    })
  })

  test('is a cluster by some of its nodes', () => {
    expect(storeOf({ redis: { cluster: ['a:7000', 'rediss://b'], password: 'p' } })).toEqual({
      redis: {
        servers: {
          kind: 'cluster',
          nodes: [
            { host: 'a', port: 7000 },
            { host: 'b', port: 6379 },
          ],
        },
        password: 'p',
        database: 0,
        tls: {},
      },
    })
    expect(storeOf({ redis: { cluster: '[::1]:7000', database: 0 } })).toMatchObject({
      redis: { servers: { nodes: [{ host: '::1', port: 7000 }] } },
    })
  })

  test('is a master that sentinels know, by their own port', () => {
    const sentinel = { name: 'main', nodes: ['redis://a', 'b:1'], username: 'w', password: 'x' }

    expect(storeOf({ redis: { sentinel } })).toEqual({
      redis: {
        servers: {
          ...sentinel,
          kind: 'sentinel',
          nodes: [
            { host: 'a', port: 26379 },
            { host: 'b', port: 1 },
          ],
        },
        database: 0,
      },
    })
  })
})

const itself: Record<string, unknown> = { url: 'redis://localhost' }
itself.loop = itself

describe('a store that cannot be', () => {
  test.each<readonly [fault: string, input: unknown]>([
    ['store: is no store: did you mean `memory`?', top({ store: 'memry' })],
    ['store: must be text such as memory or an object, not 5: put it in quotes', top({ store: 5 })],
    [
      'store: must be `memory` or the URL of a Redis server that starts with redis:// or rediss://',
      top({ store: 'https://a' }),
    ],
    ['store: must name a host, such as redis://127.0.0.1:6379', top({ store: 'redis:///1' })],
    ['store: has port 0: a port is from 1 to 65535', top({ store: 'redis://a:0' })],
    ['store: must end after the port, or with the number of a database', top({ store: 'redis://a/one' })],
    ['store: has a user without a password', top({ store: 'redis://u@a' })],
    [
      'store: is no URL: special characters of a user or a password must be percent-encoded, or write `username` and `password` beside it',
      top({ store: 'redis://u:p/w@a' }),
    ],
    ['store: must end after the port, or with the number of a database', top({ store: 'redis://a/0?x=1' })],
    [
      'store: has a broken percent sequence in its user or password: write % as %25, or write `username` and `password` beside it',
      top({ store: 'redis://u:p%w@a' }),
    ],
    ['store.redis: must have exactly one of `url`, `cluster` and `sentinel`', redis({})],
    [
      'store.redis: must have exactly one of `url`, `cluster` and `sentinel`',
      redis({ url: 'redis://a', cluster: 'a:1' }),
    ],
    ['store.redis.loop: unknown key: the keys here are url, cluster, sentinel, username', redis(itself)],
    [
      'store.redis.url: must be the URL of a Redis server that starts with redis:// or rediss://',
      redis({ url: 'a:1' }),
    ],
    ['store.redis.password: stands in `url` too: write it in one place', redis({ url: 'redis://:p@a', password: 'p' })],
    ['store.redis.username: has no effect without a `password`', redis({ url: 'redis://a', username: 'u' })],
    [
      'store.redis.database: must be 0, or left out: a cluster has no other database',
      redis({ cluster: 'a:1', database: 1 }),
    ],
    [
      'store.redis.cluster[1]: must be HOST:PORT or a URL, such as 127.0.0.1:7000 or "[::1]:7000"',
      redis({ cluster: ['a:1', 'b'] }),
    ],
    [
      'store.redis.cluster[0]: must have no user and password: they are written once, as `username` and `password`',
      redis({ cluster: ['redis://:p@a:1'] }),
    ],
    ['store.redis.cluster: must end after the port', redis({ cluster: 'redis://a:1/2' })],
    [
      'store.redis: mixes redis:// and rediss://: either all of them speak TLS, or none does',
      redis({ cluster: ['redis://a', 'rediss://b'] }),
    ],
    ['store.redis.sentinel.name: is missing: it must be text', redis({ sentinel: { nodes: 'a:1' } })],
    [
      'store.redis.sentinel.username: has no effect without a `password`',
      redis({ sentinel: { name: 'm', nodes: 'a:1', username: 'u' } }),
    ],
    ['store.redis.tls: needs a URL that starts with rediss://', redis({ url: 'redis://a', tls: {} })],
    ['store.redis.tls: must have both `cert` and `key`, or neither', redis({ cluster: 'a:1', tls: { key: 'k' } })],
    [
      'store.redis.prefix: must have no braces: in a cluster they would put every key on one node',
      redis({ url: 'redis://a', prefix: '{x}' }),
    ],
    [
      'store.redis.timeout: must be at most 10s: requests wait so long for a server that hangs',
      redis({ url: 'redis://a', timeout: '11s' }),
    ],
    ['store.redis.replicas: must be at least 1, not 0', redis({ url: 'redis://a', replicas: 0 })],
  ])('says %s', (fault, input) => {
    expect(faultsOf(input)).toEqual([expect.stringContaining(fault)])
  })

  test('is told without any of its credentials', () => {
    for (const url of [
      'redis://mia:hunter2@/',
      'redis://mia:hunter2/w@a',
      'redis://mia:hunter2#@a',
      'http://mia:hunter2@a',
    ])
      for (const faulty of [top({ store: url }), redis({ url }), redis({ cluster: [url] })])
        expect(faultsOf(faulty).join()).not.toMatch(/mia|hunter2/)
  })
})
