import { expect, test } from 'vitest'
import { faultsOf, top } from './faults.fixture.js'

test.each<readonly [fault: string, input: unknown]>([
  [
    'admin.token: is missing: 0.0.0.0:9090 is not on loopback, so it must have a token',
    top({ admin: { listen: '0.0.0.0:9090' } }),
  ],
  ['admin.listen: must be HOST:PORT, such as 127.0.0.1:8080 or "[::]:8080"', top({ admin: { listen: '9090' } })],
  ['admin.token: is empty', top({ admin: { listen: '[::]:9090', token: '' } })],
  [
    'admin.token: must be ASCII without spaces or line breaks: no request can carry others',
    top({ admin: { listen: '127.0.0.1:9090', token: 'of-a-file\n' } }),
  ],
  [
    'admin.token: must be ASCII without spaces or line breaks: no request can carry others',
    top({ admin: { listen: '127.0.0.1:9090', token: 'schlüssel' } }),
  ],
  [
    'denied.body.contentType: must be a media type, such as text/html; charset=utf-8',
    top({ denied: { body: { file: 'denied.html', contentType: 'text/html\r\nX-Other: 1' } } }),
  ],
  [
    'denied.body.contentType: must be a media type, such as text/html; charset=utf-8',
    top({ denied: { body: { file: 'denied.html', contentType: 'html' } } }),
  ],
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
])('says %s', (fault, input) => {
  expect(faultsOf(input)).toEqual([fault])
})

const listeners = (listen: string, admin: string) => top({ listen, admin: { listen: admin, token: 'x' } })

test.each([
  ['127.0.0.1:8080', '127.0.0.1:8080'],
  ['0.0.0.0:8080', '127.0.0.1:8080'],
  ['127.0.0.1:8080', '0.0.0.0:8080'],
  ['[::]:8080', '127.0.0.1:8080'],
  ['[::1]:8080', '[0:0:0:0:0:0:0:1]:8080'],
  ['localhost:8080', 'LocalHost:8080'],
])('%s and %s cannot both be listened on', (listen, admin) => {
  expect(faultsOf(listeners(listen, admin))).toEqual([
    `admin.listen: has the address of \`listen\`, ${listen}: choose another port`,
  ])
})

test.each([
  ['127.0.0.1:8080', '127.0.0.1:9090'],
  ['127.0.0.1:0', '127.0.0.1:0'],
  ['127.0.0.1:8080', '127.0.0.2:8080'],
  ['0.0.0.0:8080', '[::1]:8080'],
])('%s and %s can', (listen, admin) => {
  expect(faultsOf(listeners(listen, admin))).toEqual([])
})
