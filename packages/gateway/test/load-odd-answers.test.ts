import { expect, test } from 'vitest'
import { sharedFolder } from './support/folder.js'
import { loadsIn } from './support/load.js'
import { upstreamServer } from './support/servers.js'

const SECOND = 1_000_000

const { run, judged, policyFile } = loadsIn(sharedFolder())

test('an answer that breaks off is an answer: every request is counted once', async () => {
  const { url } = await upstreamServer((_request, response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('hal', () => response.destroy())
  })
  const { result } = await judged(url, { rate: 50, duration: SECOND })

  expect(result).toMatchObject({ sent: 50, admitted: 50, denied: 0, failed: 0, errors: 0 })
  expect(result.failures).toEqual({ 'UND_ERR_SOCKET, half-way': 50 })
})

test('a Retry-After of 0 makes no client ask at once, again and again', async () => {
  const { url } = await upstreamServer(
    (_request, response) => void response.writeHead(429, { 'retry-after': '0' }).end(),
  )
  const identity = [{ ip: { trustedProxies: ['127.0.0.0/8'] } }]
  const policy = await policyFile('policy.json', { identity, rules: [{ path: '/**', quotas: '1000/second' }] })
  const { code, result } = await judged(url, { rate: 20, duration: 3 * SECOND, policy })

  expect(code).toBe(3)
  expect(result.retryAfter.untrue).toBeGreaterThan(0)
  // Two of the eight clients put it to the test, each once a second.
  expect(result.sent).toBeLessThanOrEqual(60 + 2 * 4)
})

test('where all answers failed nothing was judged, and nothing is said to have held', async () => {
  const { url } = await upstreamServer((_request, response) => void response.writeHead(502).end())
  const { code, out, err } = await run(url, { duration: SECOND / 2 })

  expect(code).toBe(1)
  expect(out).toContain('failed 50, unanswered 0\n  status 502: 50\n')
  expect(out).toMatch(/verdict: nothing was judged$/)
  expect(err).toContain('spillway: no request was admitted or denied, so that there is nothing to judge')
})

test.each([
  ['Transfer-Encoding: chunked', 'transfer-encoding'],
  ['content-length: 5', 'content-length'],
  ['Expect: 100-continue', 'expect'],
  ['Keep-Alive: timeout=5', 'keep-alive'],
  ['Upgrade: websocket', 'upgrade'],
  ['Connection: upgrade', 'connection'],
])('a header of the connection is no header of the requests: %s', async (line, name) => {
  const { code, err } = await run('http://127.0.0.1:1/', { header: [line] })
  expect({ code, err }).toEqual({ code: 2, err: `error: the header ${name} is the connection's own: leave it out` })
})

test.each(['x-tenant: a\r\nx-admin: secret', 'x-tenant: \u0000secret'])(
  'a header that no request can have is a wrong call: %j',
  async (line) => {
    const { code, err } = await run('http://127.0.0.1:1/', { clients: 1, clientHeader: line })
    expect({ code, err }).toEqual({
      code: 2,
      err: 'error: the header x-tenant has a line break or another control character in its value',
    })
  },
)
