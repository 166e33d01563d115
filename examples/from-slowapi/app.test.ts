import { memoryStore } from 'spillway'
import type { FakeClock } from 'spillway/testing'
import { fakeClock } from 'spillway/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Served } from '../../test/examples/serving.js'
import { serving, started, times } from '../../test/examples/serving.js'
import { application } from './app.js'

let clock: FakeClock
let app: Served

beforeEach(async () => {
  clock = fakeClock()
  app = await serving(application(memoryStore({ clock })))
})

describe('"10/minute" on a route', () => {
  it('lets ten pass in a minute, and the next once the first of them is a minute old', async () => {
    expect(await app.statuses(['/data'])).toEqual([200])
    clock.advance('30s')
    expect(await app.statuses(times(10, '/data'))).toEqual([...times(9, 200), 429])
    clock.advance('30s')
    expect(await app.statuses(['/data', '/data'])).toEqual([200, 429])
  })

  it('leaves other routes alone', async () => {
    await app.statuses(times(11, '/data'))
    expect(await app.statuses(times(20, '/health'))).toEqual(times(20, 200))
  })

  it('tells a client when to come back, in an answer of the application’s own that no cache may keep', async () => {
    await app.statuses(times(10, '/data'))
    clock.advance('18s')
    const { status, headers, body } = await app.get('/data')
    expect([status, JSON.parse(body)]).toEqual([429, { detail: 'Rate Limit Exceeded' }])
    expect(headers).toMatchObject({ 'retry-after': '42', 'x-rate-limit': '10', 'cache-control': 'no-store' })
  })

  it('tells a client where it stands while it passes', async () => {
    expect((await app.get('/data')).headers).toMatchObject({ ratelimit: '"data";r=9;t=60' })
  })
})

describe('the other options', () => {
  it('share one limit over two routes', async () => {
    const post = async (path: string) => (await app.send(path, { method: 'POST' })).status
    expect([await post('/letters'), await post('/postcards'), await post('/letters')]).toEqual([202, 202, 202])
    expect([await post('/letters'), await post('/postcards')]).toEqual([429, 429])
  })

  it('hold a paying customer to another limit', async () => {
    expect(await app.statuses(times(3, '/reports'))).toEqual([200, 200, 429])
    expect(await app.statuses(times(6, '/reports'), { 'x-api-key': 'key-of-ada' })).toEqual([...times(5, 200), 429])
  })

  it('charge a request more, and another nothing', async () => {
    expect(await app.statuses(['/search?deep=1', '/search?deep=1', '/search?q=oslo', '/search?q=ping'])).toEqual([
      200, 200, 429, 200,
    ])
  })
})

describe('start.ts', () => {
  it('serves the route', async () => {
    const { statuses } = await started('examples/from-slowapi/start.ts')
    expect(await statuses(times(11, '/data'))).toEqual([...times(10, 200), 429])
  })
})
