import { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { redisServer } from '../../../../test/support/redis-server.js'
import { until } from '../../../../test/support/until.js'
import { asgiGuard } from '../../src/compat/asgi-ratelimit/index.js'
import type { IdentitySource } from '../../src/identity/identity.js'
import { re2 } from '../../src/policy/regex.js'
import { fromIoredis, ioredisOptions } from '../../src/store/redis/clients/ioredis.js'
import { atTheEnd } from './connections.js'
import { opened } from './opened.js'

const byHeader: IdentitySource = (request) => ({ kind: 'user', user: request.header('x-by') ?? '', group: 'default' })

it('a configuration of asgi-ratelimit counts in Redis by path, and a block there reaches every path of the user', async () => {
  const client = new Redis((await redisServer()).url, ioredisOptions)
  atTheEnd(() => client.disconnect())
  await until('the client is connected', () => client.status === 'ready')
  const { store } = opened(fromIoredis(client))
  const config = { '^/towns': [{ hour: 2, day: 3, block_time: 3600 }], '^/lakes': [{ hour: 9 }] }
  const { guard } = asgiGuard(config, { identity: [byHeader], regex: re2, strictPaths: true, store })
  const ask = async (target: string, by = 'mia') =>
    (await guard.decide({ method: 'GET', target, header: () => by })).kind

  expect([await ask('/towns'), await ask('/towns'), await ask('/towns/oslo'), await ask('/lakes')]).toEqual([
    'allow',
    'allow',
    'allow',
    'allow',
  ])
  expect([await ask('/towns'), await ask('/towns/oslo'), await ask('/lakes'), await ask('/open')]).toEqual([
    'deny',
    'deny',
    'deny',
    'allow',
  ])
  expect([await ask('/towns', 'noah'), await ask('/lakes', 'noah')]).toEqual(['allow', 'allow'])
})
