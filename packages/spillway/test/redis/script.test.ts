import { afterAll, beforeAll } from 'vitest'
import type { RedisConnection } from '../../src/store/redis/connection.js'
import { scripted } from '../../src/store/redis/scripted.js'
import type { Store } from '../../src/store/store.js'
import { algorithmSuite } from '../../src/testing/algorithm-suite.js'
import type { FakeClock } from '../../src/testing/fake-clock.js'
import { storeSuite } from '../../src/testing/store-suite.js'
import { ioredisConnection } from './connections.js'
import { one } from './one.js'
import type { RedisServer } from './redis-process.js'
import { startRedis } from './redis-process.js'
import { until } from './until.js'

let server: RedisServer
let stores = 0

let connection: RedisConnection

beforeAll(async () => {
  server = await startRedis()
  connection = ioredisConnection(server.port)
  const { beat } = scripted(connection, { prefix: 'test:' })
  await until('the client is connected', () => beat().then(Boolean, () => false))
})
afterAll(() => server.stop())

function freshStore(clock: FakeClock): Store {
  return one(scripted(connection, { prefix: `${stores++}:`, clock }))
}

algorithmSuite('the script', freshStore)
storeSuite('the script', freshStore, { programs: 100 })
