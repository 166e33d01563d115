import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { requestsInFlight, testGateway } from './support/gateway.js'
import { rawConnection } from './support/raw.js'
import { upstreamServer } from './support/servers.js'

test('a client that goes away takes the requests that it has sent behind one another with it', async () => {
  const left: string[] = []
  let asked = 0
  const upstream = await upstreamServer((request, response) => {
    asked++
    response.on('close', () => left.push(request.url ?? ''))
  })
  const gateway = await testGateway({ upstream: upstream.url, admin: { listen: '127.0.0.1:0' } })
  const requests = ['/a', '/b', '/c'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
  const connection = rawConnection(gateway.address.url, requests.join(''))
  await expect.poll(() => asked).toBe(3)
  connection.socket.destroy()

  await expect.poll(() => left.sort()).toEqual(['/a', '/b', '/c'])
  await expect.poll(() => requestsInFlight(gateway)).toBe(0)
})

test('an upload that waits for leave behind another request never gets it inside an answer', async () => {
  const asked: ServerResponse[] = []
  const upstream = await upstreamServer((request, response) => {
    asked.push(response)
    if (request.url !== '/held') response.end('second')
  })
  const gateway = await testGateway({ upstream: upstream.url })
  const upload =
    'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello'
  const connection = rawConnection(gateway.address.url, `GET /held HTTP/1.1\r\nHost: a\r\n\r\n${upload}`)
  await expect.poll(() => asked.length).toBe(2)
  asked.find(({ req }) => req.url === '/held')?.end('first')

  const [, behind = ''] = (await connection.closed()).split('first')
  expect(behind).toMatch(/^(HTTP\/1.1 100 Continue\r\n\r\n)?HTTP\/1.1 200 OK\r\n/)
  expect(behind).not.toMatch(/200 OK[\s\S]*100 Continue/)
})
