import { expect, test } from 'vitest'
import { testGateway } from './support/gateway.js'
import { rawAnswer } from './support/raw.js'
import { socketServer, upstreamServer } from './support/servers.js'

/** What a client gets of an upstream that answers with these bytes. */
async function passedOn(bytes: string): Promise<string> {
  const url = await socketServer((socket) => socket.on('data', () => socket.write(Buffer.from(bytes, 'latin1'))))
  const gateway = await testGateway({ upstream: url })
  return rawAnswer(gateway.address.url, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
}

test.each([304, 204])('an answer of %i has no body, whatever length it tells', async (status) => {
  const answer = await passedOn(`HTTP/1.1 ${status} As It Is\r\nETag: "a"\r\nContent-Length: 5\r\n\r\n`)

  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} As It Is\r\nETag: "a"\r\n`))
  expect(answer).toMatch(/\r\n\r\n$/)
})

test.each(['Gr\xfc\xdfe', '\xe2\x9c\x93', 'a\x01b'])('an answer may have any reason phrase: %j', async (phrase) => {
  const answer = await passedOn(`HTTP/1.1 200 ${phrase}\r\nContent-Length: 2\r\n\r\nok`)

  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\nok$/)
})

test('an upstream has all the time that the policy gives, months too', async () => {
  const upstream = await upstreamServer((_request, response) => response.end('ok'))
  const gateway = await testGateway({ upstream: { url: upstream.url, timeout: '60d' } })

  expect((await fetch(gateway.address.url)).status).toBe(200)
})
