import { readFileSync } from 'node:fs'
import type { Store } from 'spillway'
import { memoryStore } from 'spillway'
import type { FakeClock } from 'spillway/testing'
import { fakeClock } from 'spillway/testing'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { serving, started, times } from '../../test/examples/serving.js'
import type { RedisServer } from '../../test/support/redis-process.js'
import { redisServer } from '../../test/support/redis-server.js'
import { until } from '../../test/support/until.js'
import { hello } from './hello.js'
import { tokenBucket } from './token-bucket.js'
import { perMinute } from './users.js'

const START = 'examples/from-fastapi-redis/start.ts'
const MIA = { 'x-user': 'mia' }
const NOAH = { 'x-user': 'noah' }

let clock: FakeClock
let store: Store

beforeEach(() => {
  clock = fakeClock()
  store = memoryStore({ clock })
})

describe('three a minute for each user', () => {
  it('are three in any minute', async () => {
    const { statuses, get } = await serving(perMinute(store))
    expect(await statuses(times(3, '/data'), MIA)).toEqual([200, 200, 200])
    clock.advance('45s')
    const { status, headers, body } = await get('/data', MIA)
    expect([status, JSON.parse(body)]).toEqual([429, { detail: 'User Rate Limit Exceeded' }])
    expect(headers).toMatchObject({ 'retry-after': '15', 'x-rate-limit': '3' })
    expect(await statuses(['/data'], NOAH)).toEqual([200])
    clock.advance('15s')
    expect(await statuses(['/data'], MIA)).toEqual([200])
  })
})

describe('a token bucket of ten a second', () => {
  it('lets ten pass at once, then one each tenth of a second, whoever asks', async () => {
    const { statuses, get } = await serving(tokenBucket(store))
    expect(await statuses(times(11, '/data'))).toEqual([...times(10, 200), 429])
    clock.advance('100ms')
    expect(await statuses(['/data', '/data'])).toEqual([200, 429])
    clock.advance('10s')
    expect(await statuses(times(11, '/data'), MIA)).toEqual([...times(10, 200), 429])
    expect((await get('/data')).headers['retry-after']).toBe('1')
  })

  it('loses nothing when the clock steps back', async () => {
    const { statuses } = await serving(tokenBucket(store))
    expect(await statuses(['/data'])).toEqual([200])
    clock.advance(-3_600_000_000)
    expect(await statuses(times(10, '/data'))).toEqual([...times(9, 200), 429])
  })
})

describe('five a minute with the time left in the answer', () => {
  it('tells it to those who pass, and to those who do not, with 503', async () => {
    const { get } = await serving(hello(store))
    expect(JSON.parse((await get('/')).body)).toEqual({ message: 'Hello world', ttl: 60 })
    clock.advance('20s')
    for (const _ of times(4, '')) expect(JSON.parse((await get('/')).body)).toEqual({ message: 'Hello world', ttl: 40 })
    const { status, headers, body } = await get('/')
    expect([status, headers['retry-after']]).toEqual([503, '40'])
    expect(JSON.parse(body)).toEqual({ detail: { message: 'call limit reached', ttl: 40 } })
    clock.advance('40s')
    expect((await get('/')).status).toBe(200)
  })
})

describe('with Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await redisServer()
  })
  const start = (name: string) => started(START, { REDIS_URL: redis.url }, [name])

  it('counts outlive the application, under keys that name no user', async () => {
    const before = await start('users')
    expect(await before.statuses(times(2, '/data'), MIA)).toEqual([200, 200])
    await before.stop()
    const after = await start('users')
    expect(await after.statuses(times(2, '/data'), MIA)).toEqual([200, 429])
    const keys = (await redis.cli('KEYS', 'users:*')).split('\n')
    expect(keys.filter((key) => key.includes('data'))).toHaveLength(1)
    expect(keys.join()).not.toContain('mia')
  })

  it('no key stays for ever', async () => {
    const { statuses } = await start('hello')
    await statuses(times(6, '/'))
    const keys = (await redis.cli('KEYS', 'hello:*')).split('\n')
    for (const key of keys) expect(Number(await redis.cli('PTTL', key))).toBeGreaterThan(0)
  })

  it('the application of compose.yaml is there before Redis is', async () => {
    const { services } = parse(readFileSync(new URL('compose.yaml', import.meta.url), 'utf8'))
    const [, , , program, ...args] = services.app.command
    await redis.stop()
    const app = await started(program, { ...services.app.environment, REDIS_URL: redis.url, HOST: '127.0.0.1' }, args)
    expect((await app.get('/')).status).toBe(200)
    await redis.restart()
    await until('Redis decides', async () => {
      await app.get('/')
      return (await redis.cli('KEYS', 'hello:*')).includes('}hello')
    })
    expect((await app.statuses(times(6, '/'))).at(-1)).toBe(503)
  })
})
