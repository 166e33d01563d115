import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parsePolicy } from 'spillway'
import { beforeAll, expect, test } from 'vitest'
import { installMissing, isInstalled } from '../../../scripts/debian-package.js'
import { FORMATS } from '../src/logs/formats/all.js'
import { testGateway } from './support/gateway.js'
import { CLIENT, startNginx } from './support/nginx.js'
import { rawAnswer } from './support/raw.js'
import { replayedLog } from './support/replayed-log.js'
import { upstreamServer } from './support/servers.js'

const identity = [{ ip: { trustedProxies: ['127.0.0.1'] } }]
/** With windows that do not end in the test: a log tells its times only roughly. */
const rules = [
  { name: 'login', path: '/login', quotas: '3/day' },
  { name: 'files', path: '/files/**', method: 'GET', quotas: { limit: 9, window: '1d', algorithm: 'fixed-window' } },
  { name: 'cafes', path: '/café/**', zone: 'cafes', quotas: '5/day', block: '2d' },
  { name: 'rest', path: '/**', partition: 'everyone', quotas: '120/day' },
]

const BEGINNINGS = [
  '/login',
  '/files',
  '/caf%C3%A9',
  '/caf%c3%a9/menu',
  '/',
  '//',
  'http://evil.example/login',
  '/%6Cogin',
]
/** What nginx escapes in its logs, what a path can be spelt with, and what is no path. (Node takes no byte beyond ASCII.) */
const PIECES = [
  ...['"', "'", '\\', '|', '<b>', '{', '`', '^', '~', '$1', '+'],
  ...['/', '//', '/.', '/..', '/%2e%2E', ';x=1', '%2F', '%5c', '%', '%zz', '%00', '%22', '?', '?a="b"', '&\\x22'],
  ...['/login', '/files', 'LOGIN', '/%C3%A9', 'a'],
]

beforeAll(() => {
  installMissing('nginx', 'nginx')
  if (!isInstalled('nginx'))
    throw new Error('nginx was not found: install it, on Debian as root by apt-get install nginx')
}, 120_000)

/** Request lines of some clients, the same in every run. */
const requests = fc.sample(
  fc.record({
    method: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'OPTIONS'),
    beginning: fc.constantFrom(...BEGINNINGS),
    pieces: fc.oneof(fc.constant([]), fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 })),
    client: fc.integer({ min: 1, max: 9 }),
  }),
  { seed: 2026, numRuns: 800 },
)

test('a replay of what nginx has logged of hostile requests answers each as the gateway behind it did', async () => {
  let reached = 0
  const upstream = await upstreamServer((_request, response) => {
    reached++
    response.end()
  })
  const gateway = await testGateway({ upstream: upstream.url, identity, rules })
  const nginx = await startNginx(gateway.address.url)
  for (const { method, beginning, pieces, client } of requests) {
    const line = `${method} ${beginning}${pieces.join('')} HTTP/1.1`
    const fields = `Host: a\r\n${CLIENT}: 203.0.113.${client}\r\nContent-Length: 0\r\nConnection: close`
    await rawAnswer(nginx.url, `${line}\r\n${fields}\r\n\r\n`)
  }
  await nginx.stop()

  const lines = readFileSync(nginx.logs.json, 'latin1').trimEnd().split('\n')
  const answered = lines.map((line) => Number(/"status":(\d+)/.exec(line)?.[1]))
  const times = (status: number) => answered.filter((each) => each === status).length
  for (const status of [200, 400, 429]) expect(times(status)).toBeGreaterThan(20)
  expect(times(200)).toBe(reached)

  const policy = parsePolicy({ identity, rules } as never)
  for (const format of ['json', 'combined'] as const) {
    const { answers, unparsed } = await replayedLog(nginx.logs[format], policy, FORMATS[format])
    expect(unparsed).toEqual([])
    expect(answers.map(({ status }, n) => [status, lines[n]])).toEqual(lines.map((line, n) => [answered[n], line]))
  }
})
