import * as ioredis from 'ioredis'
import * as iovalkey from 'iovalkey'
import { createClient, createCluster, createSentinel } from 'redis'
import { describe, expect, it } from 'vitest'
import type { RedisConnection } from '../connection.js'
import * as factories from '../index.js'
import { redisStore } from '../index.js'

const NODES = [{ host: '127.0.0.1', port: 1 }]

/** A client of each kind, none of them connected, and the factories that take it. */
const CLIENTS: Readonly<Record<string, { readonly client: unknown; readonly takenBy: readonly string[] }>> = {
  'a client of ioredis': {
    client: new ioredis.Redis({ ...factories.ioredisOptions, lazyConnect: true }),
    takenBy: ['fromIoredis', 'fromIovalkey'],
  },
  'a client of iovalkey': {
    client: new iovalkey.Redis({ ...factories.ioredisOptions, lazyConnect: true }),
    takenBy: ['fromIoredis', 'fromIovalkey'],
  },
  'a Cluster of ioredis': {
    client: new ioredis.Cluster(NODES, { ...factories.ioredisClusterOptions, lazyConnect: true }),
    takenBy: ['fromIoredisCluster', 'fromIovalkeyCluster'],
  },
  'a client of node-redis': { client: createClient(factories.nodeRedisOptions), takenBy: ['fromNodeRedis'] },
  'a Cluster of node-redis': {
    client: createCluster({ rootNodes: [{ url: 'redis://127.0.0.1:1' }], ...factories.nodeRedisClusterOptions }),
    takenBy: ['fromNodeRedisCluster'],
  },
  'a client of Sentinels': {
    client: createSentinel({ name: 'master', sentinelRootNodes: NODES, nodeClientOptions: factories.nodeRedisOptions }),
    takenBy: ['fromNodeRedisSentinel'],
  },
  'options in the place of a client': { client: { host: '127.0.0.1' }, takenBy: [] },
  'the URL of a server': { client: 'redis://127.0.0.1', takenBy: [] },
  nothing: { client: undefined, takenBy: [] },
}

const FACTORIES = Object.entries(factories).filter(([name]) => name.startsWith('from')) as [
  string,
  (client: unknown) => RedisConnection,
][]

describe('what a client of Redis is made to', () => {
  it.each(Object.entries(CLIENTS))('takes %s by its own factory alone', (_, { client, takenBy }) => {
    for (const [name, from] of FACTORIES) {
      if (takenBy.includes(name)) expect(from(client)).toMatchObject({ cluster: name.includes('Cluster') })
      else expect(() => from(client), name).toThrow(/^from\w+: expected /)
    }
  })

  it.each(Object.entries(CLIENTS))('takes %s for no connection', (_, { client }) => {
    expect(() => redisStore(client as RedisConnection)).toThrow('redisStore: expected a connection, such as from')
  })
})
