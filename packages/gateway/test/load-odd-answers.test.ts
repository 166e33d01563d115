import { expect, test } from 'vitest'
import { sharedFolder } from './support/folder.js'
import { loadsIn } from './support/load.js'
import { upstreamServer } from './support/servers.js'

const SECOND = 1_000_000

const { judged } = loadsIn(sharedFolder())

test('an answer that breaks off is an answer: every request is counted once', async () => {
  const { url } = await upstreamServer((_request, response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('hal', () => response.destroy())
  })
  const { result } = await judged(url, { rate: 50, duration: SECOND })

  expect(result).toMatchObject({ sent: 50, admitted: 50, denied: 0, failed: 0, errors: 0 })
  expect(result.failures).toEqual({ 'UND_ERR_SOCKET, half-way': 50 })
})
