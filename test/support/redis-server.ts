import { afterAll } from 'vitest'
import type { RedisServer, RedisServerOptions } from './redis-process.js'
import { endServers, startRedis } from './redis-process.js'

afterAll(endServers)

/** Starts a server for the tests of this file: it is ended with them, whether they pass or fail. */
export function redisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  return startRedis(options)
}
