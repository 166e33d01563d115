import { expect, test } from 'vitest'
import { faultsOf, top } from './faults.fixture.js'

const itself: Record<string, unknown> = { url: 'redis://localhost' }
itself.loop = itself

test.each<readonly [fault: string, input: unknown]>([
  [
    'admin.token: is missing: 0.0.0.0:9090 is not on loopback, so it must have a token',
    top({ admin: { listen: '0.0.0.0:9090' } }),
  ],
  ['admin.listen: must be HOST:PORT, such as 127.0.0.1:8080 or "[::]:8080"', top({ admin: { listen: '9090' } })],
  ['admin.token: is empty', top({ admin: { listen: '[::]:9090', token: '' } })],
  ['listen: must be HOST:PORT, such as 127.0.0.1:8080 or "[::]:8080"', top({ listen: 8080 })],
  ['listen: has port 99999: a port is at most 65535', top({ listen: '127.0.0.1:99999' })],
  ['listen.tls.key: is missing: it must be text', top({ listen: { address: 'a:1', tls: { cert: 'x' } } })],
  ['upstream: must be the URL of a service that starts with http:// or https://', top({ upstream: '127.0.0.1:3000' })],
  ['upstream: must end after the port: the path of the request is forwarded as it is', top({ upstream: 'http://a/b' })],
  [
    'upstream.timeout: must have a unit, such as 30s: a bare number does not say of what',
    top({ upstream: { url: 'http://a', timeout: 30 } }),
  ],
  [
    'upstream.tls: needs an upstream whose URL starts with https://',
    top({ upstream: { url: 'http://a', tls: { ca: 'x' } } }),
  ],
  [
    'upstream.tls: must have both `cert` and `key`, or neither',
    top({ upstream: { url: 'https://a', tls: { cert: 'x' } } }),
  ],
  ['store: is no store: did you mean `memory`?', top({ store: 'memry' })],
  ['store.redis: must have exactly one of `url`, `cluster` and `sentinel`', top({ store: { redis: {} } })],
  [
    'store.redis.loop: unknown key: the keys here are url, cluster, sentinel, prefix, timeout',
    top({ store: { redis: itself } }),
  ],
  [
    'store.redis.url: must be the URL of a Redis server that starts with redis:// or rediss://',
    top({ store: { redis: { url: 'http://x' } } }),
  ],
  ['store: must be text such as memory or an object, not 5: put it in quotes', top({ store: 5 })],
  [
    'store.redis.sentinel.loop.loop.loop.loop.loop.loop.loop.loop: lies more than 8 levels deep',
    top({ store: { redis: { sentinel: itself } } }),
  ],
])('says %s', (fault, input) => {
  expect(faultsOf(input)).toEqual([fault])
})
