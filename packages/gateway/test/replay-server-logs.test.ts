import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parsePolicy } from 'spillway'
import { beforeAll, describe, expect, test } from 'vitest'
import { FORMATS } from '../src/logs/formats/all.js'
import { APACHE } from './support/apache.js'
import { testGateway } from './support/gateway.js'
import { HAPROXY } from './support/haproxy.js'
import { CLIENT, findOrInstall, startLogging } from './support/logging-server.js'
import { NGINX } from './support/nginx.js'
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
/** What these servers escape in their logs, what a path can be spelt with, and what is no path. (Node takes no byte beyond ASCII.) */
const PIECES = [
  ...['"', "'", '\\', '|', '<b>', '{', '`', '^', '~', '$1', '+'],
  ...['/', '//', '/.', '/..', '/%2e%2E', ';x=1', '%2F', '%5c', '%', '%zz', '%00', '%22', '?', '?a="b"', '&\\x22'],
  ...['/login', '/files', 'LOGIN', '/%C3%A9', 'a'],
]

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

/** Where a line has the status. */
const STATUS = { json: /"status":(\d+)/, combined: /" (\d{3}) \d+ "/, haproxy: / (\d{3}) \d+ - - / }

describe.each([NGINX, APACHE, HAPROXY])('a replay of what $debianPackage has logged of hostile requests', (program) => {
  beforeAll(() => findOrInstall(program), 120_000)

  test('answers each as the gateway behind it did', async () => {
    let reached = 0
    const upstream = await upstreamServer((_request, response) => {
      reached++
      response.end()
    })
    const gateway = await testGateway({ upstream: upstream.url, identity, rules })
    const server = await startLogging(program, gateway.address.url)
    for (const { method, beginning, pieces, client } of requests) {
      const target = beginning + pieces.join('')
      if (program.changes?.test(target)) continue
      const line = `${method} ${target} HTTP/1.1`
      const fields = `Host: a\r\n${CLIENT}: 203.0.113.${client}\r\nContent-Length: 0\r\nConnection: close`
      await rawAnswer(server.url, `${line}\r\n${fields}\r\n\r\n`)
    }
    const logs = Object.entries(await server.stop()) as [keyof typeof STATUS, string][]

    const policy = parsePolicy({ identity, rules } as never)
    for (const [format, log] of logs) {
      const lines = readFileSync(log, 'latin1').trimEnd().split('\n')
      const answered = lines.map((line) => Number(STATUS[format].exec(line)?.[1]))
      const times = (status: number) => answered.filter((each) => each === status).length
      for (const status of program.refusesMalformed ? [200, 429] : [200, 400, 429]) {
        expect(times(status), `${status}`).toBeGreaterThan(20)
      }
      expect(times(200)).toBe(reached)

      const { answers, unparsed } = await replayedLog(log, policy, FORMATS[format])
      expect(unparsed).toEqual([])
      expect(answers.map(({ status }, n) => [status, lines[n]])).toEqual(lines.map((line, n) => [answered[n], line]))
    }
  })
})
