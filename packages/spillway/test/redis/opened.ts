import type { StoreEvent } from '../../src/store/calls.js'
import type { RedisConnection } from '../../src/store/redis/connection.js'
import type { RedisStore, RedisStoreOptions } from '../../src/store/redis/redis.js'
import { redisStore } from '../../src/store/redis/redis.js'
import { atTheEnd } from './connections.js'

/** A Redis store of a test's own, closed with its tests, and what it has told of itself. */
export function opened(
  connection: RedisConnection,
  options: RedisStoreOptions = {},
): { readonly store: RedisStore; readonly events: readonly StoreEvent['kind'][] } {
  const events: StoreEvent['kind'][] = []
  const store = redisStore(connection, { onEvent: ({ kind }) => events.push(kind), ...options })
  atTheEnd(() => store.close())
  return { store, events }
}
