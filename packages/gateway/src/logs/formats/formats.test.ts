import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readLine } from './line.fixture.js'
import { FORMAT_NAMES } from './names.js'

const AT = Date.UTC(2026, 0, 31, 13, 5, 7) * 1000
const READ = { at: AT, address: '203.0.113.7', method: 'GET', target: '/a/b?c=1', status: 404 }

const NGINX = {
  ...{ time_iso8601: '2026-01-31T14:05:07+01:00', remote_addr: '203.0.113.7', remote_user: 'alice' },
  ...{ request_method: 'GET', request_uri: '/a/b?c=1', status: '404', http_user_agent: 'curl/8', http_x_api_key: 'k' },
}
const CADDY = {
  ts: AT / 1e6,
  user_id: '',
  request: {
    ...{ remote_ip: '203.0.113.7', remote_port: '1', proto: 'HTTP/2.0', method: 'GET', uri: '/a/b?c=1' },
    headers: { 'User-Agent': ['curl/8'], 'X-Api-Key': ['k'] },
  },
  status: 404,
}
const TRAEFIK = {
  ...{ ClientHost: '203.0.113.7', ClientUsername: '-', RequestMethod: 'GET', RequestPath: '/a/b?c=1' },
  ...{
    DownstreamStatus: 404,
    OriginStatus: 200,
    StartUTC: '2026-01-31T13:05:07.000000Z',
    time: '2026-01-31T13:05:09Z',
  },
  ...{ 'request_User-Agent': 'curl/8', 'request_X-Api-Key': 'k' },
}
const PINO = {
  ...{ level: 30, time: AT / 1000, msg: 'request completed' },
  req: {
    method: 'GET',
    url: '/a/b?c=1',
    headers: { 'user-agent': 'curl/8', 'x-api-key': 'k' },
    remoteAddress: '203.0.113.7',
  },
  res: { statusCode: 404 },
}

describe('JSON lines', () => {
  test.each([
    ['nginx', NGINX],
    ['Caddy', CADDY],
    ['Traefik', TRAEFIK],
    ['pino-http', PINO],
  ])('of %s are read, with their headers', (_, line) => {
    const read = readLine('json', JSON.stringify(line))
    expect(read).toMatchObject({ ...READ, userAgent: 'curl/8', fields: { 'x-api-key': 'k' } })
  })

  test('of any other server are read with fields by name', () => {
    const line = {
      when: '2026-01-31 13:05:07',
      who: { ip: '203.0.113.7', 'the.name': 'bob' },
      line: 'GET /a/b?c=1 HTTP/1.1',
      code: 404,
    }
    const fields = { time: 'when', address: 'who.ip', user: 'who.the.name', request: 'line', status: 'code' }

    expect(readLine('json', JSON.stringify(line), { fields })).toMatchObject({ ...READ, user: 'bob' })
  })

  test.each([2_147_483_647, -1, 200.5, 1e300, 12, '', 'OK', null])(
    'may have %j for a status, which is none',
    (status) => {
      expect(readLine('json', JSON.stringify({ ...PINO, res: { statusCode: status } }))).toMatchObject({ status: 0 })
    },
  )

  test.each([
    ['nonsense', 'it is no JSON object'],
    ['{"ts":1', 'its JSON cannot be read'],
    ['{"time":"yesterday"}', 'its time cannot be read'],
    ['{"method":"GET"}', 'it has no time: name it with --fields time=…'],
    ['{"ts":1,"method":"GET","uri":"/"}', 'it has no address: name it with --fields address=…'],
    [
      JSON.stringify({ ...NGINX, __proto__: null, remote_addr: { toString: 1 } }),
      'it has no address: name it with --fields address=…',
    ],
  ])('%s is none', (line, reason) => {
    expect(readLine('json', line)).toBe(reason)
  })
})

/** As the servers write them, with what they have besides. */
const WRITTEN: readonly (readonly [string, string])[] = [
  [
    'nginx, with the whole request line',
    '{"time_local":"31/Jan/2026:14:05:07 +0100","remote_addr":"203.0.113.7","remote_user":"","request":"GET /a/b?c=1 HTTP/1.1","status": "404","body_bytes_sent":"153","request_time":"0.000","http_referrer":"","http_user_agent":"curl/8"}',
  ],
  [
    'Caddy',
    '{"level":"info","ts":1769864707,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.7","remote_port":"41342","client_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","host":"localhost","uri":"/a/b?c=1","headers":{"User-Agent":["curl/8"],"Accept":["*/*"]},"tls":{"resumed":false,"version":772}},"bytes_read":0,"user_id":"","duration":0.000929675,"size":10900,"status":404,"resp_headers":{"Server":["Caddy"]}}',
  ],
  [
    'Traefik',
    '{"ClientAddr":"203.0.113.7:58246","ClientHost":"203.0.113.7","ClientPort":"58246","ClientUsername":"-","DownstreamContentSize":19,"DownstreamStatus":404,"Duration":58220,"OriginStatus":0,"RequestMethod":"GET","RequestPath":"/a/b?c=1","RequestProtocol":"HTTP/1.1","StartLocal":"2026-01-31T14:05:07+01:00","StartUTC":"2026-01-31T13:05:07.000000000Z","entryPointName":"web","level":"info","msg":"","request_User-Agent":"curl/8","time":"2026-01-31T14:05:08+01:00"}',
  ],
  [
    'pino-http',
    '{"level":30,"time":1769864707000,"pid":1,"hostname":"h","req":{"id":1,"method":"GET","url":"/a/b?c=1","query":{"c":"1"},"params":{},"headers":{"host":"localhost","user-agent":"curl/8"},"remoteAddress":"203.0.113.7","remotePort":57900},"res":{"statusCode":404,"headers":{}},"responseTime":2,"msg":"request completed"}',
  ],
]

test.each(WRITTEN)('a line of %s, as it is written, is read', (_, line) => {
  expect(readLine('json', line)).toMatchObject({ ...READ, user: undefined, userAgent: 'curl/8' })
})

describe('AWS ALB', () => {
  const LINE =
    'h2 2026-01-31T13:05:07.000000Z app/my-lb/50dc6c495c0c9188 203.0.113.7:2817 10.0.0.1:80 0.000 0.001 0.000 404 404 34 366 "GET https://www.example.com:443/a/b?c=1 HTTP/2.0" "curl/8 \\"x\\"" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn "Root=1" "www.example.com" "-" 0 2026-01-31T13:05:07.000000Z "forward" "-" "-" "10.0.0.1:80" "404" "-" "-"'

  test('is read', () => {
    expect(readLine('alb', LINE)).toMatchObject({ ...READ, userAgent: 'curl/8 \\"x\\"' })
  })

  test('with an address of IPv6 is read', () => {
    expect(readLine('alb', LINE.replace('203.0.113.7:2817', '[2001:db8::1]:2817'))).toMatchObject({
      address: '2001:db8::1',
    })
  })

  test.each([
    [LINE.slice(0, 180), 'it does not begin with a kind of connection'],
    [
      LINE.replace('GET https://www.example.com:443/a/b?c=1 HTTP/2.0', '- http://www.example.com:80- -'),
      'its request line is not METHOD URL VERSION',
    ],
  ])('%j is none', (line, reason) => {
    expect(readLine('alb', line)).toBe(reason)
  })
})

describe('CloudFront', () => {
  const LINE =
    '2026-01-31\t13:05:07\tLAX1\t2390\t203.0.113.7\tGET\td1.cloudfront.net\t/a/b\t404\t-\tMozilla/5.0%20(X;%2520Y)\tc=1\t-\tHit'

  test('is read', () => {
    expect(readLine('cloudfront', LINE)).toMatchObject({ ...READ, userAgent: 'Mozilla/5.0 (X; Y)' })
  })

  test('comments are none', () => {
    expect(readLine('cloudfront', '#Version: 1.0')).toBe('it is a comment')
    expect(readLine('cloudfront', 'no tabs')).toBe('it has no tabs')
  })
})

describe('HAProxy', () => {
  const LINE =
    'haproxy[14389]: 203.0.113.7:33317 [31/Jan/2026:15:05:07.655] http-in static/srv1 10/0/30/69/109 404 2750 - - ---- 1/1/1/1/0 0/0 {curl/8|host} {} "GET /a/b?c=1 HTTP/1.1"'

  test('is read, its time in the zone that the caller names', () => {
    const read = readLine('haproxy', LINE, { utcOffset: 7200 })
    expect(read).toMatchObject({ ...READ, at: AT + 655_000, userAgent: 'curl/8' })
  })

  test.each([
    ['what syslog puts before it', `<134>Jan 31 13:05:07 [x] lb1 ${LINE}`, {}],
    ['an address of IPv6', LINE.replace('203.0.113.7', '2001:db8::7'), { address: '2001:db8::7' }],
    ['no captured headers', LINE.replace(' {curl/8|host} {}', ''), { userAgent: undefined }],
    [
      'a redispatch, and no server',
      LINE.replace('static/srv1 10/0/30/69/109 404 2750', 'static/<NOSRV> 10/-1/-1/-1/+50 503 +212').replace(
        '1/1/1/1/0',
        '1/1/1/1/+1',
      ),
      { status: 503 },
    ],
    ['a request that broke off', LINE.replace(' 404 ', ' -1 '), { status: 0 }],
    ['bytes that no URL should have', LINE.replace('/a/b?c=1', '/a#22b#23#C3#A4'), { target: '/a"b#Ã¤' }],
    ['an absolute URL', LINE.replace('GET /a', 'GET https://www.example.com/a').replace('1.1', '2.0'), {}],
  ])('may have %s', (_, line, expected) => {
    expect(readLine('haproxy', line)).toMatchObject({ method: 'GET', target: '/a/b?c=1', ...expected })
  })

  test.each([
    'Jan 31 13:05:07 lb1 haproxy[14389]: Proxy http-in started.',
    'haproxy[1]: 203.0.113.7:33317 [31/Jan/2026:15:05:07.655] tcp-in db/db1 0/0/5 212 -- 1/1/1/1/0 0/0',
    'haproxy[1]: 203.0.113.7:33317 [31/Jan/2026:15:05:07.655] https-in/1: SSL handshake failure',
  ])('%s is none', (line) => {
    expect(readLine('haproxy', line)).toBe('it is no line of option httplog')
  })

  test('a bad request is none', () => {
    expect(readLine('haproxy', LINE.replace('GET /a/b?c=1 HTTP/1.1', '<BADREQ>'))).toBe(
      'it is no line of option httplog',
    )
  })
})

const NASTY = ['a', '1:', 'a:1 ', 'a:1', ' [31/', '"\\"', '{"a":', '\t', '[', '1 ', '{a|', '\\']

describe.each(FORMAT_NAMES)('%s takes no time to speak of for a line of a megabyte', (name) => {
  test.each(NASTY)('of %j', (piece) => {
    const line = piece.repeat(1_000_000 / piece.length)
    const began = process.cpuUsage()
    expect(readLine(name, line)).toBeTypeOf('string')
    expect(process.cpuUsage(began).user).toBeLessThan(2_000_000)
  })
})

test.each(FORMAT_NAMES)('%s refuses binary nonsense', (name) => {
  const nonsense = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 200,
  })
  fc.assert(
    fc.property(nonsense, (text) => {
      expect(readLine(name, text.replaceAll('\n', ' '))).toBeTypeOf('string')
    }),
  )
})
