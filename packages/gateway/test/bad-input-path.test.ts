import { describe, expect, test } from 'vitest'
import { testGateway } from './support/gateway.js'
import { rawAnswer } from './support/raw.js'
import { upstreamServer } from './support/servers.js'

const CLOSE = 'Host: a\r\nConnection: close\r\n\r\n'
/** Far above what an answer takes, and far below what a pattern that explodes would. */
const AT_ONCE = 2_000

/** A gateway with these rules in front of an upstream that remembers what reached it. */
async function gatewayWith(rules: readonly object[]) {
  const reached: string[] = []
  const upstream = await upstreamServer((request, response) => {
    reached.push(`${request.method} ${request.url}`)
    response.end('from upstream')
  })
  const { address } = await testGateway({ upstream: upstream.url, rules })
  const statusOf = async (line: string, headers = '') =>
    Number((await rawAnswer(address.url, `${line} HTTP/1.1\r\n${headers}${CLOSE}`)).split(' ')[1])
  return { statusOf, reached, url: address.url }
}

/** One whose rule for `/login` is spent. */
async function spentLogin(rule: object = { path: '/login' }) {
  const gateway = await gatewayWith([{ name: 'login', ...rule, quotas: '1/day' }])
  expect(await gateway.statusOf('GET /login')).toBe(200)
  gateway.reached.length = 0
  return gateway
}

const SPELLINGS = [
  '/login',
  '/LOGIN',
  '/Login/',
  '/login/',
  '//login',
  '///login//',
  '/login//',
  '/%6cogin',
  '/%6C%6f%67%69%6E',
  '/%4Cogin',
  '/./login',
  '/a/../login',
  '/../../login',
  '/%2e/login',
  '/a/%2E%2e/login',
  '/login/.',
  '/login/x/..',
  '/login;x=1',
  '/login;x=1/',
  '/;x=1/login',
  '/a/..;/login',
  '/a;b=../../login',
  '/login?next=/',
  '/login?',
  '/login#frag',
  'http://evil.example/login',
  'HTTP://user@evil.example:99//%6Cogin/?x',
]

describe('a spent budget is not passed by spelling', () => {
  test.each([
    ['a path', { path: '/login' }],
    ['an expression', { regex: '/login$' }],
  ])('of the path, under a rule for %s', async (_kind, rule) => {
    const { statusOf, reached } = await spentLogin(rule)
    const statuses = await Promise.all(SPELLINGS.map(async (target) => [target, await statusOf(`GET ${target}`)]))

    expect(statuses).toEqual(SPELLINGS.map((target) => [target, 429]))
    expect(reached).toEqual([])
  })

  test('of the method: HEAD draws on the share of GET, and no header changes what the request line says', async () => {
    const { statusOf, reached } = await spentLogin({ path: '/login', method: 'GET' })

    expect(await statusOf('HEAD /login')).toBe(429)
    expect(await statusOf('GET /login', 'X-HTTP-Method-Override: POST\r\nX-HTTP-Method: PUT\r\n')).toBe(429)
    expect(reached).toEqual([])
  })

  test('of a preflight: it is not counted, and what only looks like one is', async () => {
    const { statusOf } = await spentLogin()

    expect(await statusOf('OPTIONS /login', 'Access-Control-Request-Method: POST\r\n')).toBe(200)
    expect(await statusOf('OPTIONS /login')).toBe(429)
    expect(await statusOf('GET /login', 'Access-Control-Request-Method: POST\r\n')).toBe(429)
  })

  test('of the Host: there is one service, whatever it is called', async () => {
    const { statusOf, url } = await spentLogin()

    expect(await statusOf('GET http://127.0.0.1/login')).toBe(429)
    expect(await rawAnswer(url, 'GET /login HTTP/1.1\r\nHost: localhost.\r\nConnection: close\r\n\r\n')).toContain(
      ' 429 ',
    )
    expect(await rawAnswer(url, 'GET /login HTTP/1.0\r\n\r\n')).toContain(' 429 ')
  })
})

describe('a target that servers read in two ways', () => {
  test.each([
    '/login\\',
    '\\login',
    '/a\\..\\login',
    '/log%69n%',
    '/login%0',
    '/login%zz',
    '/login%00',
    '/login%00.css',
    '/log\u00c4\u00b1n',
    'login',
    '?login',
  ])('%j is refused as malformed', async (target) => {
    const { statusOf, reached } = await spentLogin()

    expect(await statusOf(`GET ${target}`)).toBe(400)
    expect(reached).toEqual([])
  })

  test.each([
    ['/%2flogin', '/%2Flogin'],
    ['/a/..%2flogin', '/a/..%2Flogin'],
    ['/%256cogin', '/%256cogin'],
    ['/login%3bx=1', '/login%3Bx=1'],
    ['/login%5c', '/login%5C'],
    ['/login%20', '/login%20'],
  ])('%j is another path than /login, for the rules and for the upstream', async (target, forwarded) => {
    const { statusOf, reached } = await spentLogin()

    expect(await statusOf(`GET ${target}`)).toBe(200)
    expect(reached).toEqual([`GET ${forwarded}`])
  })
})

describe('no expression and no path of 8 KB holds up anybody', () => {
  const EVIL = ['/(a+)+$', '/([a-z]+)*!', '/(a|aa)+$', '/(.*a){20}$', '/(a|a?)+$', '/(x+x+)+y']
  const LONG = [`/${'a'.repeat(8_000)}!`, `/${'ab/'.repeat(2_700)}`, `/${'x'.repeat(8_000)}`, `/${'%61'.repeat(2_700)}`]

  test('neither evil expressions', async () => {
    const rules = EVIL.map((regex, i) => ({ name: `evil-${i}`, regex, quotas: '100/day' }))
    const { statusOf } = await gatewayWith(rules)
    const longest = await longestPause(async () => {
      for (const target of LONG) expect(await statusOf(`GET ${target}`)).toBe(200)
    })

    expect(longest).toBeLessThan(AT_ONCE)
  })

  test('nor patterns of many parts, nor paths of nothing but what must be folded', async () => {
    const patterns = ['/*/*/*/*/*/*/*/x', '/:a'.repeat(60), '/:a/:b/:c/**', '/**']
    const rules = patterns.map((path, i) => ({ name: `rule-${i}`, path, method: 'PUT', quotas: '100/day' }))
    const { statusOf } = await gatewayWith([...rules, { path: '/**', quotas: '100/day' }])
    const folded = ['/..', '/.', '/;', '//', '/%2e%2e', '/a/..', '/;a/..;b', '%2f'].map(
      (part) => `/${part.repeat(Math.floor(8_000 / part.length))}`,
    )
    const longest = await longestPause(async () => {
      for (const target of [...LONG, ...folded]) expect(await statusOf(`GET ${target}`)).toBe(200)
    })

    expect(longest).toBeLessThan(AT_ONCE)
  })

  test('and 8 KB of path are one partition like any other, and reach the upstream whole', async () => {
    const { statusOf, reached } = await gatewayWith([{ path: '/**', partition: ['user', 'path'], quotas: '1/day' }])
    const [one, two] = [`/${'a'.repeat(8_000)}b`, `/${'a'.repeat(8_000)}c`]

    expect([await statusOf(`GET ${one}`), await statusOf(`GET ${one}`), await statusOf(`GET ${two}`)]).toEqual([
      200, 429, 200,
    ])
    expect(reached).toEqual([`GET ${one}`, `GET ${two}`])
  })
})

/** The longest time for which nothing else could run during `work`, in milliseconds. */
async function longestPause(work: () => Promise<void>): Promise<number> {
  let last = performance.now()
  let longest = 0
  const tick = () => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }
  const timer = setInterval(tick, 5)
  await work()
  tick()
  clearInterval(timer)
  return longest
}
