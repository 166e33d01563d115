import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { pino } from 'pino'
import { parsePolicy } from 'spillway'
import { expect, test } from 'vitest'
import { tlsWatch } from '../tls-watch.js'
import { openRedis } from './open-redis.js'

test('a store that is closed before a server has answered leaves no line: nothing is tried again', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const { gateway } = parsePolicy({
    store: `redis://:secret@127.0.0.1:${port}`,
    rules: [{ path: '/**', quotas: '1/second' }],
  })
  if (gateway.store === 'memory') throw new TypeError('the policy names a server')
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => void lines.push(line) })

  const connected = once(silent, 'connection')
  const { close } = openRedis(gateway.store.redis, {
    clock: undefined,
    logClock: { now: () => 0 },
    log,
    tls: tlsWatch('.', log),
  })
  const [socket] = await connected
  await close()
  await once(socket.resume(), 'close')
  silent.close()
  expect(lines).toEqual([])
})
