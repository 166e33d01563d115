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
