import { createHmac, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { testGateway } from './support/gateway.js'
import { rawAnswer } from './support/raw.js'
import { upstreamServer } from './support/servers.js'

const RULES = [{ name: 'all', path: '/**', quotas: '5/day' }]

/** Everything that a request brought to the upstream, and what was answered. */
async function gatewayWith(identity: readonly object[], rules: readonly object[] = RULES) {
  const reached: string[] = []
  const upstream = await upstreamServer((request, response) => {
    reached.push(request.rawHeaders.join('\n').toLowerCase())
    response.end('from upstream')
  })
  const { address } = await testGateway({ upstream: upstream.url, identity, rules })
  const statusOf = async (...headers: string[]) => {
    const head = ['GET / HTTP/1.1', 'Host: a', ...headers, 'Connection: close', '', ''].join('\r\n')
    return Number((await rawAnswer(address.url, head)).split(' ')[1])
  }
  const statusesOf = async (lines: readonly string[]) => {
    const statuses: number[] = []
    for (const line of lines) statuses.push(await statusOf(line))
    return statuses
  }
  return { statusOf, statusesOf, reached }
}

/** Five requests pass, and not one more. */
const fiveOf = (count: number) => Array.from({ length: count }, (_, i) => (i < 5 ? 200 : 429))

const JUNK = [
  'junk-7',
  'unknown',
  '_hidden',
  '',
  ',',
  ',,,,',
  '999.1.1.1',
  '0x7f.1',
  '2130706433',
  '017700000001',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.4/8',
  '1.2.3.4:99999999999',
  ':::',
  '[::1',
  '2001:db8::g',
  '1::2::3',
  '%00',
  "' OR 1=1 --",
  '\u00ff\u00fe',
  'a'.repeat(8_000),
  '9'.repeat(8_000),
  `${'1.2.3.4 '.repeat(900)}`,
]

describe('whoever has no proxy in front', () => {
  test('has one budget, whatever addresses the headers claim', async () => {
    const { statusesOf } = await gatewayWith([{ ip: {} }])
    const claims = Array.from({ length: 20 }, (_, i) => `X-Forwarded-For: 198.51.100.${i}`)
    const others = ['Forwarded: for=198.51.100.1', 'X-Real-IP: 198.51.100.2', 'CF-Connecting-IP: 198.51.100.3']

    expect(await statusesOf([...claims, ...others])).toEqual(fiveOf(23))
  })

  test('has it too where some other peer is trusted', async () => {
    const { statusesOf } = await gatewayWith([{ ip: { trustedProxies: ['10.0.0.0/8'] } }])

    expect(await statusesOf(JUNK.map((junk) => `X-Forwarded-For: ${junk}`))).toEqual(fiveOf(JUNK.length))
  })
})

describe('behind a trusted proxy', () => {
  const list = { ip: { trustedProxies: ['127.0.0.1'] } }
  const pairs = { ip: { trustedProxies: ['127.0.0.1'], header: 'Forwarded' } }

  test('what stands left of the address that the proxy added changes nothing', async () => {
    const { statusesOf } = await gatewayWith([list])
    const spoofed = JUNK.map((junk) => `X-Forwarded-For: ${junk}, 203.0.113.9`)

    expect(await statusesOf(spoofed)).toEqual(fiveOf(JUNK.length))
    expect(await statusesOf(['X-Forwarded-For: 203.0.113.10'])).toEqual([200])
  })

  test('nor in Forwarded, with quotes and backslashes left open', async () => {
    const { statusesOf } = await gatewayWith([pairs])
    const before = [...JUNK, 'for="', 'for="\\', 'for="a, for=b', 'for=1.2.3.4;for=5.6.7.8', 'for="[::1]:80"', ';;=,=']
    const spoofed = before.map((junk) => `Forwarded: ${junk}, for=203.0.113.9`)

    expect(await statusesOf(spoofed)).toEqual(fiveOf(before.length))
  })

  test('a hop that is no address names nobody: all junk shares the budget of the proxy', async () => {
    const { statusesOf } = await gatewayWith([list])
    expect(await statusesOf(JUNK.map((junk) => `X-Forwarded-For: ${junk}`))).toEqual(fiveOf(JUNK.length))

    const forwarded = await gatewayWith([pairs])
    const elements = [...JUNK, 'for=junk', 'for=_x', 'for="[::1"', 'for=1.2.3.4;for=5.6.7.8', 'by=1.2.3.4', 'for=']
    expect(await forwarded.statusesOf(elements.map((each) => `Forwarded: ${each}`))).toEqual(fiveOf(elements.length))
  })

  test('all spellings of an address are one client, and so are all addresses of a /64', async () => {
    const { statusesOf } = await gatewayWith([list])
    const spellings = [
      ...['2001:db8:0:1::1', '2001:DB8::1:0:0:0:1', '2001:0db8:0000:0001:0:0:0:1', '[2001:db8:0:1::1]:443'],
      ...['2001:db8:0:1:ffff::', '2001:db8:0:1::192.0.2.1', '[2001:db8:0:1::2]', ' 2001:db8:0:1::3 '],
    ]
    expect(await statusesOf(spellings.map((each) => `X-Forwarded-For: ${each}`))).toEqual(fiveOf(spellings.length))
  })

  test('an IPv4 address is one client, mapped or with a port, and none of its neighbours', async () => {
    const { statusesOf } = await gatewayWith([{ ip: { trustedProxies: ['127.0.0.1'], ipv6Prefix: 56 } }])
    const spellings = ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:C000:201', '192.0.2.1:80', '[::ffff:192.0.2.1]:9']
    const lines = [...spellings, ...spellings].map((each) => `X-Forwarded-For: ${each}`)

    expect(await statusesOf(lines)).toEqual(fiveOf(10))
    expect(await statusesOf(['X-Forwarded-For: ::ffff:192.0.2.2'])).toEqual([200])
  })

  test('two lines of the header are one list', async () => {
    const { statusOf } = await gatewayWith([list])
    const statuses: number[] = []
    for (let i = 0; i < 8; i++)
      statuses.push(await statusOf(`X-Forwarded-For: 198.51.100.${i}`, 'X-Forwarded-For: 203.0.113.9'))

    expect(statuses).toEqual(fiveOf(8))
  })
})

const SECRET = 'a secret of thirty-two characters'

/** Every way to a token that is not one, each naming another user. */
function forgeries(): string[] {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const claims = (i: number, more = {}) => ({ sub: `user-${i}`, ...more })
  const head = { alg: 'HS256', typ: 'JWT' }
  return [
    token({ alg: 'none' }, claims(1), ''),
    `${part({ alg: 'NONE' })}.${part(claims(2))}.`,
    token(head, claims(3), 'wrong'),
    token(head, claims(4), ''),
    token({ alg: 'RS256' }, claims(5), pem),
    token({ alg: 'HS512' }, claims(6), SECRET),
    token({ ...head, jwk: { kty: 'oct', k: 'AAAA' } }, claims(7), 'AAAA'),
    token({ ...head, jku: 'http://127.0.0.1:1/jwks', kid: '../../etc/passwd' }, claims(8), 'x'),
    token({ ...head, crit: ['exp'] }, claims(9), SECRET),
    token({ ...head, b64: false, crit: ['b64'] }, claims(10), SECRET),
    token(head, claims(11, { exp: 1 }), SECRET),
    token(head, claims(12, { nbf: 99_999_999_999 }), SECRET),
    token(head, claims(13, { exp: 'soon' }), SECRET),
    token(head, { sub: ['user-14'] }, SECRET),
    token(head, { sub: { a: 1 } }, SECRET),
    token(head, {}, SECRET),
    token(head, null, SECRET),
    token(head, ['x'], SECRET),
    token(head, JSON.parse('{"__proto__":{"sub":"user-15"}}'), SECRET),
    token(head, claims(16, { padding: 'x'.repeat(9_000) }), SECRET),
    ...['', '.', '..', '...', 'a.b.c', '\u00ff.\u00ff.\u00ff', '{}.{}.{}', 'x'.repeat(9_000), `${'a.'.repeat(3_000)}`],
  ]
}

function token(head: unknown, claims: unknown, secret: string): string {
  const signed = `${part(head)}.${part(claims)}`
  return `${signed}.${secret === '' ? '' : createHmac('sha256', secret).update(signed).digest('base64url')}`
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

describe('forged tokens', () => {
  const jwt = { secret: SECRET, algorithms: ['HS256'] }

  test('share the budget of the address that they come from, and never break anything', async () => {
    const { statusesOf } = await gatewayWith([{ jwt }, { ip: {} }])
    const tokens = forgeries()
    const bearers = tokens.map((each) => `Authorization: Bearer ${each}`)
    const others = [
      'Authorization: Basic dTpw',
      'Authorization: Bearer',
      'Authorization:',
      'Authorization: bearer  x y',
    ]

    expect(await statusesOf([...bearers, ...others])).toEqual(fiveOf(tokens.length + 4))
  })

  test('leave a token that verifies its own budget', async () => {
    const { statusesOf } = await gatewayWith([{ jwt }, { ip: {} }])
    await statusesOf(forgeries().map((each) => `Authorization: Bearer ${each}`))
    const real = `Authorization: Bearer ${token({ alg: 'HS256' }, { sub: 'alice' }, SECRET)}`

    expect(await statusesOf(Array.from({ length: 7 }, () => real))).toEqual(fiveOf(7))
  })

  test('are 401 where the policy says so; a header without any is no token', async () => {
    const { statusOf } = await gatewayWith([{ jwt: { ...jwt, onInvalidToken: 'deny' } }, { ip: {} }])
    const others: string[] = []
    for (const each of forgeries()) {
      if ((await statusOf(`Authorization: Bearer ${each}`)) !== 401) others.push(each)
    }

    expect(others).toEqual([''])
  })
})

describe('made-up API keys', () => {
  const keys = { header: { name: 'x-api-key', groups: { 'k-1': 'admin' } } }
  const rules = [{ name: 'admin', path: '/**', group: 'admin', quotas: 'unlimited' }, ...RULES]

  test('share the budget of the address, and __proto__ opens no group', async () => {
    const { statusesOf } = await gatewayWith([keys, { ip: {} }], rules)
    const guesses = ['k-2', 'K-1', 'k-1 k-1', 'k-1,k-1', '__proto__', 'constructor', 'toString', '', 'x'.repeat(8_000)]

    expect(await statusesOf(guesses.map((key) => `X-Api-Key: ${key}`))).toEqual(fiveOf(guesses.length))
  })

  test('are not passed by a twin with an underscore, which never reaches the upstream', async () => {
    const { statusesOf, reached } = await gatewayWith([keys, { ip: {} }], rules)
    const twins = [
      'X_Api_Key: k-1',
      'x_api-key: k-1',
      'X-API_KEY: k-1',
      'X_Forwarded_For: 1.2.3.4',
      'x-forwarded_proto: x',
    ]

    expect(await statusesOf([...twins, ...twins])).toEqual(fiveOf(10))
    for (const headers of reached) expect(headers).not.toMatch(/_key|_for|api_|_proto/)
  })
})

describe('Connection', () => {
  test('takes away nothing that the gateway says, and no name of a client from the rules', async () => {
    const keys = { header: { name: 'x-api-key', groups: { 'k-1': 'admin' } } }
    const { statusOf, reached } = await gatewayWith([keys, { ip: { trustedProxies: ['10.0.0.1'] } }])
    const named = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'Via', 'Host', 'Content-Length', 'close']
    const statuses: number[] = []
    for (const name of named) statuses.push(await statusOf(`Connection: ${name}`, 'X-Forwarded-For: 192.0.2.7'))

    expect(statuses).toEqual(fiveOf(7))
    for (const headers of reached) {
      expect(headers).toContain('x-forwarded-for\n192.0.2.7, 127.0.0.1')
      expect(headers).toContain('x-forwarded-proto\nhttp')
      expect(headers).toContain('x-forwarded-host\na')
      expect(headers).toContain('host\na')
      expect(headers).toMatch(/via\n1\.1 spillway/)
    }
  })

  test('with the name of the key does not let the request count for another', async () => {
    const keys = { header: { name: 'x-api-key', groups: { 'k-1': 'gold' } } }
    const { statusOf } = await gatewayWith([keys, { ip: {} }])
    const statuses: number[] = []
    for (let i = 0; i < 7; i++) statuses.push(await statusOf('X-Api-Key: k-1', 'Connection: X-Api-Key'))

    expect(statuses).toEqual(fiveOf(7))
    expect(await statusOf()).toBe(200)
  })
})

test('two Host headers, two keys or two tokens are refused, and spend nothing', async () => {
  const keys = { header: { name: 'x-api-key', groups: { 'k-1': 'gold' } } }
  const { statusOf, statusesOf, reached } = await gatewayWith([keys, { ip: {} }])
  const twice = [
    ['Host: b'],
    ['host: a'],
    ['X-Api-Key: k-1', 'x-api-key: k-1'],
    ['Authorization: a', 'Authorization: a'],
  ]
  for (const headers of twice) expect(await statusOf(...headers)).toBe(400)

  expect(reached).toEqual([])
  expect(await statusesOf(Array.from({ length: 6 }, () => 'X-A: b'))).toEqual(fiveOf(6))
})
