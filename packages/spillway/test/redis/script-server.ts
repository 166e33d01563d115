import { afterAll, beforeAll } from 'vitest'
import type { RedisServer } from '../../../../test/support/redis-process.js'
import { startRedis } from '../../../../test/support/redis-process.js'
import { until } from '../../../../test/support/until.js'
import type { CallStore } from '../../src/store/calls.js'
import type { RedisConnection } from '../../src/store/redis/connection.js'
import { scripted } from '../../src/store/redis/scripted.js'
import type { FakeClock } from '../../src/testing/fake-clock.js'
import { ioredisConnection } from './connections.js'
import { works } from './works.js'

/** A server for the tests of one file, and a client that is connected to it. */
export interface ScriptServer {
  readonly server: RedisServer
  readonly connection: RedisConnection
  /** The script, on keys with a prefix that nobody else has. */
  calls(clock?: FakeClock): CallStore
}

/** Starts a server before the tests of a file, and ends it after them. What it gives is there once the tests run. */
export function scriptServer(config: readonly string[] = []): () => ScriptServer {
  let given: ScriptServer | undefined
  let stores = 0

  beforeAll(async () => {
    const server = await startRedis({ config })
    const connection = ioredisConnection(server.port)
    const { beat } = scripted(connection, { prefix: 'connected:' })
    await until('the client is connected', () => works(beat))
    const prefixed = (clock?: FakeClock) => scripted(connection, { prefix: `${stores++}:`, ...(clock && { clock }) })
    given = { server, connection, calls: prefixed }
  })
  afterAll(() => given?.server.stop())

  return () => {
    if (given === undefined) throw new Error('the server has not been started')
    return given
  }
}
