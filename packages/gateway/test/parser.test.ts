import { describe, expect, test } from 'vitest'
import { testGateway } from './support/gateway.js'
import { rawAnswer } from './support/raw.js'
import { upstreamServer } from './support/servers.js'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: a\r\n'
const CLOSE = 'Connection: close\r\n\r\n'

async function gatewayThatCounts() {
  const seen: string[] = []
  const upstream = await upstreamServer((request, response) => {
    seen.push(`${request.method} ${request.url} host=${request.headers.host}`)
    request.resume()
    request.on('end', () => response.end('from upstream'))
  })
  const gateway = await testGateway({
    upstream: upstream.url,
    identity: [{ header: { name: 'x-api-key', groups: { k: 'admin' } } }, { ip: {} }],
  })
  return { gateway, seen }
}

describe('bytes that two servers could read in two ways never reach the upstream', () => {
  test.each([
    [
      'Content-Length beside Transfer-Encoding',
      `${POST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['two different lengths', `${POST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`, 400],
    ['an unknown transfer coding', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
    ['a coding before chunked', `${POST}Transfer-Encoding: gzip, chunked\r\n${CLOSE}1\r\na\r\n0\r\n\r\n`, 400],
    [
      'chunks in HTTP/1.0',
      'POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['chunked that is not last', `${POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400],
    ['a signed length', `${POST}Content-Length: +5\r\n\r\nabcde`, 400],
    ['a space before the colon', `${GET}X-A : b\r\n\r\n`, 400],
    ['a folded header', `${GET}X-A: b\r\n c\r\n\r\n`, 400],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: a\n\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a NUL in the target', 'GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a method in lower case', 'get / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['17 KB of header', `${GET}X-A: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
    ['two Host headers', `${GET}Host: b\r\n${CLOSE}`, 400],
    ['two Authorization headers', `${GET}Authorization: Bearer a\r\nAuthorization: Bearer b\r\n${CLOSE}`, 400],
    ['two of a header that identifies', `${GET}X-Api-Key: k\r\nx-api-key: j\r\n${CLOSE}`, 400],
    ['a backslash in the target', `GET /a\\b HTTP/1.1\r\nHost: a\r\n${CLOSE}`, 400],
    ['a broken percent sequence', `GET /%zz HTTP/1.1\r\nHost: a\r\n${CLOSE}`, 400],
    ['an encoded NUL', `GET /%00 HTTP/1.1\r\nHost: a\r\n${CLOSE}`, 400],
    ['a target of a star', `OPTIONS * HTTP/1.1\r\nHost: a\r\n${CLOSE}`, 400],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n', 405],
  ])('%s', async (_what, bytes, status) => {
    const { gateway, seen } = await gatewayThatCounts()
    const answer = await rawAnswer(gateway.address.url, bytes)

    expect(answer.split(' ')[1]).toBe(String(status))
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json')
    expect(answer.toLowerCase()).toContain('cache-control: no-store')
    expect(seen).toEqual([])
  })

  test('what stands behind 2,000 short headers counts too', async () => {
    const { gateway, seen } = await gatewayThatCounts()
    const answer = await rawAnswer(gateway.address.url, `${GET}${'A:b\r\n'.repeat(2_100)}Host: b\r\n${CLOSE}`)

    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(seen).toEqual([])
  })

  test('a chunk extension of 17 KB ends the request', async () => {
    const { gateway } = await gatewayThatCounts()
    const bytes = `${POST}Transfer-Encoding: chunked\r\n\r\n3;${'a'.repeat(17_000)}\r\nabc\r\n0\r\n\r\n`

    expect(await rawAnswer(gateway.address.url, bytes)).toMatch(/^HTTP\/1.1 413 /)
  })
})

describe('what is unusual but clear reaches the upstream in one spelling', () => {
  test.each([
    ['an absolute target by its path', 'GET http://evil.example/towns?x=%2f HTTP/1.1', 'GET /towns?x=%2f host=a'],
    ['an absolute target without a path', 'GET http://evil.example HTTP/1.1', 'GET / host=a'],
    ['a fragment not at all', 'GET /towns?x#frag HTTP/1.1', 'GET /towns?x host=a'],
    ['encoded letters decoded', 'GET /%74owns HTTP/1.1', 'GET /towns host=a'],
    ['dot segments and doubled slashes folded', 'GET //a/../TOWNS/ HTTP/1.1', 'GET /TOWNS/ host=a'],
    ['an encoded slash as it came', 'GET /a%2fb HTTP/1.1', 'GET /a%2Fb host=a'],
    ['a method of its own', 'PURGE /towns HTTP/1.1', 'PURGE /towns host=a'],
  ])('%s', async (_what, line, expected) => {
    const { gateway, seen } = await gatewayThatCounts()
    await rawAnswer(gateway.address.url, `${line}\r\nHost: a\r\n${CLOSE}`)

    expect(seen).toEqual([expected])
  })

  test('under forwardRawPath the target as it came, but for scheme and host', async () => {
    const seen: string[] = []
    const upstream = await upstreamServer((request, response) => {
      seen.push(request.url ?? '')
      response.end()
    })
    const gateway = await testGateway({ upstream: upstream.url, forwardRawPath: true })
    for (const target of ['//a/../%74owns;x=1?q=//', 'http://evil.example/%74owns', 'http://evil.example?q']) {
      await rawAnswer(gateway.address.url, `GET ${target} HTTP/1.1\r\nHost: a\r\n${CLOSE}`)
    }

    expect(seen).toEqual(['//a/../%74owns;x=1?q=//', '/%74owns', '/?q'])
  })
})
