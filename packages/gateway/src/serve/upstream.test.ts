import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { testGateway } from '../../test/support/gateway.js'
import { rawAnswer, rawConnection } from '../../test/support/raw.js'
import { socketServer, upstreamServer } from '../../test/support/servers.js'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const GET_LAST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** An upstream of bytes: each connection's answers in turn, and how many connections and requests there were. */
async function scripted(...answers: string[]) {
  const seen = { connections: 0, requests: '' }
  const url = await socketServer((socket: Socket) => {
    seen.connections++
    socket.on('data', (bytes) => {
      seen.requests += bytes.toString('latin1')
      if (seen.requests.endsWith('\r\n\r\n')) socket.write(answers.shift() ?? OK)
    })
  })
  return { seen, gateway: await testGateway({ upstream: url }) }
}

describe('a connection is used again', () => {
  test('after HEAD, an empty answer, and one in chunks', async () => {
    const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'
    const { seen, gateway } = await scripted(
      'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n',
      'HTTP/1.1 204 No\r\n\r\n',
      chunks,
    )
    const { url } = gateway.address

    await fetch(url, { method: 'HEAD' })
    await fetch(url)
    expect(await (await fetch(url)).text()).toBe('ok')
    expect(await (await fetch(url)).text()).toBe('ok')
    expect(seen.connections).toBe(1)
  })

  test.each([
    ['more bytes came than the answer has', `${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`],
    ['the upstream says that it ends', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'],
    [
      'the upstream keeps it for no more than a second',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=1\r\n\r\nok',
    ],
  ])('but not where %s', async (_what, answer) => {
    const { seen, gateway } = await scripted(answer)

    expect(await (await fetch(gateway.address.url)).text()).toBe('ok')
    expect(await (await fetch(gateway.address.url)).text()).toBe('ok')
    expect(seen.connections).toBe(2)
  })

  test('but not for two requests at a time', async () => {
    const { seen, gateway } = await scripted()
    await Promise.all([fetch(gateway.address.url), fetch(gateway.address.url)])

    expect(seen.connections).toBe(2)
  })

  test('but not once the upstream has closed it, or sent what nobody asked for', async () => {
    const sockets: Socket[] = []
    const url = await socketServer((socket) => {
      sockets.push(socket)
      socket.on('data', () => socket.write(OK))
    })
    const gateway = await testGateway({ upstream: url })
    const ask = async () => (await fetch(gateway.address.url)).status

    expect(await ask()).toBe(200)
    sockets[0]?.end()
    await once(sockets[0] as Socket, 'close')
    expect(await ask()).toBe(200)
    sockets[1]?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')
    await once(sockets[1] as Socket, 'close')
    expect(await ask()).toBe(200)
    expect(sockets).toHaveLength(3)
  })
})

describe('the request', () => {
  test('of HTTP/1.0 without a Host gets that of the upstream', async () => {
    const { seen, gateway } = await scripted()
    await rawAnswer(gateway.address.url, 'GET / HTTP/1.0\r\n\r\n')

    expect(seen.requests).toMatch(/\r\nhost: 127\.0\.0\.1:\d+\r\n/)
  })

  test('tells the end of its body, whatever its fields hold', async () => {
    const { seen, gateway } = await scripted()
    const head =
      'POST / HTTP/1.1\r\nHost: a\r\nX-A: content-length\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n'
    await rawAnswer(gateway.address.url, `${head}5\r\nhello\r\n0\r\nX-Trailer: dropped\r\n\r\n`)

    expect(seen.requests).toMatch(/\r\ntransfer-encoding: chunked\r\n[\s\S]*\r\n\r\n5\r\nhello\r\n0\r\n\r\n$/)
  })

  test('for anything but a path is malformed', async () => {
    const { gateway } = await scripted()

    expect(await rawAnswer(gateway.address.url, GET_LAST.replace('GET /', 'OPTIONS *'))).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('the answer', () => {
  test.each([
    ['has two ends', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['has a folded line', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\n 2\r\n\r\nok'],
    ['changes protocols unasked', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
  ])('is 502 where it %s', async (_what, answer) => {
    const { gateway } = await scripted(answer)

    expect((await fetch(gateway.address.url)).status).toBe(502)
  })

  test('is cut off, and never looks whole, where a chunk is broken', async () => {
    const { gateway } = await scripted('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nx\r\n')

    expect(await rawAnswer(gateway.address.url, GET)).not.toMatch(/0\r\n\r\n$/)
  })

  test('may last until the upstream closes', async () => {
    const url = await socketServer((socket) => socket.on('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nto the end')))
    const gateway = await testGateway({ upstream: url })

    expect(await (await fetch(gateway.address.url)).text()).toBe('to the end')
  })

  test('waits once for a slow client, in however small chunks it comes', async () => {
    const warnings: Error[] = []
    const warned = (warning: Error) => warnings.push(warning)
    process.on('warning', warned)
    const upstream = await upstreamServer(async (_request, response) => {
      for (let i = 0; i < 200_000; i++) if (!response.write('some data')) await once(response, 'drain')
      response.end()
    })
    const gateway = await testGateway({ upstream: upstream.url })
    const connection = rawConnection(gateway.address.url, GET_LAST)
    await connection.until(/^HTTP/)
    connection.socket.pause()
    setTimeout(() => connection.socket.resume(), 200)

    expect((await connection.closed()).match(/some data/g)).toHaveLength(200_000)
    process.off('warning', warned)
    expect(warnings).toEqual([])
  })
})
