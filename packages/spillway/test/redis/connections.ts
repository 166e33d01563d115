import { GlideClient, Logger } from '@valkey/valkey-glide'
import { Redis } from 'ioredis'
import { Redis as Valkey } from 'iovalkey'
import { createClient } from 'redis'
import { afterAll } from 'vitest'
import { fromGlide, glideOptions } from '../../src/store/redis/clients/glide.js'
import { fromIoredis, ioredisOptions } from '../../src/store/redis/clients/ioredis.js'
import { fromIovalkey } from '../../src/store/redis/clients/iovalkey.js'
import { fromNodeRedis, nodeRedisOptions } from '../../src/store/redis/clients/node-redis.js'
import type { RedisConnection } from '../../src/store/redis/connection.js'

// It would log each failure, of which there are to be many.
Logger.init('off')

const closing: (() => unknown)[] = []

afterAll(() => Promise.all(closing.splice(0).map((close) => close())))

/** Has something done when the tests of this file end. */
export function atTheEnd(close: () => unknown): void {
  closing.push(close)
}

/** A client of each library for one server, with the options that we advise. */
export const CONNECTIONS: Readonly<Record<string, (port: number) => RedisConnection | Promise<RedisConnection>>> = {
  ioredis: (port) => ioredisConnection(port),
  iovalkey(port) {
    const client = new Valkey(port, '127.0.0.1', ioredisOptions)
    atTheEnd(() => client.disconnect())
    return fromIovalkey(client)
  },
  'node-redis'(port) {
    const { socket, ...options } = nodeRedisOptions
    const client = createClient({ ...options, socket: { ...socket, host: '127.0.0.1', port } })
    atTheEnd(() => client.destroy())
    const connection = fromNodeRedis(client)
    client.connect().catch(() => undefined)
    return connection
  },
  async 'valkey-glide'(port) {
    const client = await GlideClient.createClient({ addresses: [{ host: '127.0.0.1', port }], ...glideOptions })
    atTheEnd(() => client.close())
    return fromGlide(client)
  },
}

/** The connection of a client of ioredis with the options that we advise. */
export function ioredisConnection(port: number): RedisConnection {
  const client = new Redis(port, '127.0.0.1', ioredisOptions)
  atTheEnd(() => client.disconnect())
  return fromIoredis(client)
}
