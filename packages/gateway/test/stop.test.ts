import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { pino } from 'pino'
import { parsePolicy } from 'spillway'
import { expect, test } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { startGateway } from '../src/serve/start-gateway.js'
import { testGateway } from './support/gateway.js'
import { rawConnection } from './support/raw.js'
import { upstreamServer } from './support/servers.js'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

test('a request in flight finishes, readiness fails meanwhile, and nobody new is let in', async () => {
  const upstream = await upstreamServer((request) => request.resume())
  const gateway = await testGateway({ upstream: upstream.url, admin: { listen: '127.0.0.1:0', token: 't' } })
  const connection = rawConnection(gateway.address.url, GET)
  const [, held]: [unknown, ServerResponse] = (await once(upstream.server, 'request')) as never
  const stopped = gateway.stop()

  expect((await fetch(`${gateway.admin?.url}/readyz`)).status).toBe(503)
  const late = connect(gateway.address.port, gateway.address.host)
  await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED')
  held.end('whole')
  expect(await connection.closed()).toMatch(/^HTTP\/1.1 200 OK[\s\S]*Connection: close[\s\S]*whole$/)
  await stopped
})

test('idle and silent connections are closed at once', async () => {
  const upstream = await upstreamServer((_request, response) => response.end('ok'))
  const gateway = await testGateway({ upstream: upstream.url })
  const idle = rawConnection(gateway.address.url, GET)
  const silent = rawConnection(gateway.address.url, '')
  await idle.until(/ok$/)
  const startedAt = performance.now()
  await gateway.stop()

  expect(performance.now() - startedAt).toBeLessThan(3_000)
  await Promise.all([idle.closed(), silent.closed()])
})

test('an answer that has begun on a kept connection is finished, and the connection closed after it', async () => {
  const upstream = await upstreamServer((_request, response) => {
    response.writeHead(200, { 'Content-Length': 10 })
    response.write('first')
  })
  const gateway = await testGateway({ upstream: upstream.url })
  const connection = rawConnection(gateway.address.url, GET)
  const [, held]: [unknown, ServerResponse] = (await once(upstream.server, 'request')) as never
  await connection.until(/first$/)
  const stopped = gateway.stop()
  held.end('after')

  expect(await connection.closed()).toMatch(/firstafter$/)
  await stopped
})

test('requests that were sent in one go are all answered, and one that comes behind them is served no more', async () => {
  const held: ServerResponse[] = []
  const upstream = await upstreamServer((_request, response) => held.push(response))
  const gateway = await testGateway({ upstream: upstream.url })
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
  const connection = rawConnection(gateway.address.url, ['/a', '/b', '/c'].map(get).join(''))
  await expect.poll(() => held.length).toBe(3)
  const stopped = gateway.stop()
  connection.socket.write(get('/late'))
  for (const path of ['/b', '/c', '/a']) held.find(({ req }) => req.url === path)?.end(path)

  const answers = (await connection.closed()).split('HTTP/1.1 200 OK').slice(1)
  expect(answers.map((answer) => answer.slice(-2))).toEqual(['/a', '/b', '/c'])
  expect(answers.map((answer) => /^Connection: (.*)$/m.exec(answer)?.[1])).toEqual([
    'keep-alive',
    'keep-alive',
    'close',
  ])
  expect(held).toHaveLength(3)
  await stopped
})

test('what is not done within the grace is ended, an upgraded connection too', async () => {
  const upstream = await upstreamServer((request) => request.resume())
  new WebSocketServer({ server: upstream.server }).on('connection', (socket) => socket.send('open'))
  const gateway = await testGateway({ upstream: upstream.url })
  const socket = new WebSocket(gateway.address.url.replace('http', 'ws'))
  socket.on('error', () => socket.terminate())
  await once(socket, 'message')
  const connection = rawConnection(gateway.address.url, GET)
  await once(upstream.server, 'request')
  const ended = Promise.all([once(socket, 'close'), connection.closed()])
  await gateway.stop({ grace: 200_000 })

  await ended
})

test('stopping twice is stopping once', async () => {
  const gateway = await testGateway({ upstream: 'http://127.0.0.1:1' })
  await Promise.all([gateway.stop(), gateway.stop()])

  expect(gateway.lines.map(({ msg }) => msg)).toEqual(['started', 'stopping', 'stopped'])
})

test('a start that fails leaves nothing behind', async () => {
  const first = await testGateway({ upstream: 'http://127.0.0.1:1' })
  const { address: free, stop } = await testGateway({ upstream: 'http://127.0.0.1:1' })
  await stop()
  const policy = {
    rules: [{ path: '/**', quotas: '1/s' }],
    upstream: 'http://127.0.0.1:1',
    listen: `127.0.0.1:${free.port}`,
    admin: { listen: `127.0.0.1:${first.address.port}`, token: 't' },
  }

  await expect(startGateway(parsePolicy(policy), { log: pino({ level: 'silent' }) })).rejects.toThrow('EADDRINUSE')
  await expect(once(connect(free.port, free.host), 'connect')).rejects.toThrow('ECONNREFUSED')
})

test.each([
  [{ upstream: 'http://127.0.0.1:1' }, 'the policy has no `listen`'],
  [{ listen: '127.0.0.1:0' }, 'the policy has no `upstream`'],
])('a policy that a gateway cannot run stops the start: %j', async (policy, message) => {
  await expect(startGateway(parsePolicy({ rules: [{ path: '/**', quotas: '1/s' }], ...policy }))).rejects.toThrow(
    message,
  )
})
