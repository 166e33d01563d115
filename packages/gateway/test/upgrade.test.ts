import { EventEmitter, once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { testGateway } from './support/gateway.js'
import { rawAnswer, rawConnection } from './support/raw.js'
import { socketServer, upstreamServer } from './support/servers.js'

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

/** An upstream that sends every message back. */
async function echo() {
  const upstream = await upstreamServer((_request, response) => response.end('plain'))
  const sockets = new WebSocketServer({ server: upstream.server })
  sockets.on('connection', (socket, request) => {
    socket.send(`hello from ${request.url} for ${request.headers['x-forwarded-for']}`)
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  return { ...upstream, sockets }
}

test('a WebSocket passes, both ways, text and a large binary message', async () => {
  const upstream = await echo()
  const gateway = await testGateway({ upstream: upstream.url })
  const socket = new WebSocket(`${gateway.address.url.replace('http', 'ws')}/chat/../live?x=1`)
  const [hello] = await once(socket, 'message')
  expect(String(hello)).toBe('hello from /live?x=1 for 127.0.0.1')

  socket.send('towns')
  expect(String((await once(socket, 'message'))[0])).toBe('towns')
  const large = Buffer.alloc(3_000_000, 7)
  socket.send(large)
  expect(large.equals((await once(socket, 'message'))[0])).toBe(true)
  socket.close()
  await once(socket, 'close')
})

test('upgrades fall under the same rules: a refusal is a plain answer, and the connection ends', async () => {
  const upstream = await echo()
  const gateway = await testGateway({ upstream: upstream.url, rules: [{ path: '/**', quotas: '1/minute' }] })
  const bytes = `GET / HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n`
  await rawConnection(gateway.address.url, bytes).until(/^HTTP\/1.1 101 Switching Protocols\r\n[\s\S]*hello/)
  const refused = await rawAnswer(gateway.address.url, bytes)

  expect(refused).toMatch(/^HTTP\/1.1 429 /)
  expect(refused).toContain('application/problem+json')
  expect(refused).toContain('Connection: close')
})

test('when one side ends, the other does', async () => {
  const upstream = await echo()
  const gateway = await testGateway({ upstream: upstream.url })
  const first = new WebSocket(gateway.address.url.replace('http', 'ws'))
  await once(first, 'message')
  for (const socket of upstream.sockets.clients) socket.terminate()
  await once(first, 'close')

  const second = new WebSocket(gateway.address.url.replace('http', 'ws'))
  const [socket] = await once(upstream.sockets, 'connection')
  await once(second, 'message')
  second.terminate()
  await once(socket, 'close')
})

test('a client that leaves before the switch takes its request to the upstream with it', async () => {
  const asked = new EventEmitter()
  const url = await socketServer((socket) => socket.once('data', () => asked.emit('asked', socket)))
  const gateway = await testGateway({ upstream: { url, timeout: '10m' } })
  const begun = once(asked, 'asked')
  const connection = rawConnection(gateway.address.url, `GET / HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n`)
  const [held]: Socket[] = await begun
  const left = once(held as Socket, 'close')
  connection.socket.destroy()

  await left
})

test('bytes sent ahead of the switch arrive after it', async () => {
  const url = await socketServer((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nready.')
      socket.on('data', (chunk) => socket.write(chunk))
    })
  })
  const gateway = await testGateway({ upstream: url })
  const bytes = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly.'
  const connection = rawConnection(gateway.address.url, bytes)

  expect(await connection.until(/early\./)).toMatch(/^HTTP\/1.1 101 [\s\S]*Upgrade: echo\r\n\r\nready\.early\.$/)
})

test('an upstream that does not switch is answered for, and nothing more passes on that connection', async () => {
  let requests = 0
  const upstream = await upstreamServer((_request, response) => {
    requests++
    response.end('no upgrade here')
  })
  const gateway = await testGateway({ upstream: upstream.url })
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
  const answer = await rawAnswer(gateway.address.url, `GET / HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n${smuggled}`)

  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*Connection: close[\s\S]*no upgrade here$/)
  expect(requests).toBe(1)
})

test.each(['h2c', 'websocket, h2c', 'websocket\r\nUpgrade: H2C'])(
  'HTTP/2 in clear text is not switched to, asked for by %j: its requests would pass no rule',
  async (protocols) => {
    let upgrade: string | undefined = 'not asked'
    const upstream = await upstreamServer((request, response) => {
      upgrade = request.headers.upgrade
      response.end('plain')
    })
    const gateway = await testGateway({ upstream: upstream.url })
    const bytes = `GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocols}\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n`

    expect(await rawAnswer(gateway.address.url, bytes)).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*plain$/)
    expect(upgrade).toBeUndefined()
  },
)

test('of several protocols that a client offers it is told the one that the upstream has chosen', async () => {
  const chosen = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: towns/2\r\n\r\n'
  const url = await socketServer((socket) => socket.once('data', () => socket.write(chosen)))
  const gateway = await testGateway({ upstream: url })
  const bytes = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket, towns/2\r\n\r\n'

  const answer = await rawConnection(gateway.address.url, bytes).until(/\r\n\r\n/)
  expect(answer.match(/^Upgrade: .*$/gm)).toEqual(['Upgrade: towns/2'])
})

test('a request to change protocols that brings a body, and one to an upstream that is down, get a plain answer', async () => {
  const gateway = await testGateway({ upstream: 'http://127.0.0.1:1' })
  const withBody = `POST / HTTP/1.1\r\nHost: a\r\n${UPGRADE}Content-Length: 3\r\n\r\nabc`

  expect(await rawAnswer(gateway.address.url, withBody)).toMatch(/^HTTP\/1.1 400 /)
  expect(await rawAnswer(gateway.address.url, `GET / HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n`)).toMatch(/^HTTP\/1.1 502 /)
})

test.each([
  ['a request to change protocols', `GET / HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n`],
  ['CONNECT', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n'],
])('%s behind a request that is not answered ends that connection, and nothing else', async (_what, behind) => {
  const upstream = await upstreamServer((request, response) => {
    if (request.url !== '/held') response.end('ok')
  })
  const gateway = await testGateway({ upstream: upstream.url })

  expect(await rawAnswer(gateway.address.url, `GET /held HTTP/1.1\r\nHost: a\r\n\r\n${behind}`)).toBe('')
  expect(await (await fetch(gateway.address.url)).text()).toBe('ok')
})
