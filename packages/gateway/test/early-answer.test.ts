import { expect, test } from 'vitest'
import { testGateway } from './support/gateway.js'
import { rawConnection } from './support/raw.js'
import { socketServer } from './support/servers.js'

const REFUSAL = 'HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 9\r\n\r\ntoo large'

test('the answer of an upstream that resets an upload reaches the client', async () => {
  const url = await socketServer((socket) => {
    socket.once('data', () => socket.write(REFUSAL, () => socket.resetAndDestroy()))
  })
  const gateway = await testGateway({ upstream: url })
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n'
  const connection = rawConnection(gateway.address.url, head + 'a'.repeat(5_000_000))

  expect(await connection.until(/\r\n\r\n.+/)).toMatch(/^HTTP\/1.1 413 [\s\S]*too large$/)
})
