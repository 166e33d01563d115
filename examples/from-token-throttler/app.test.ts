import { memoryStore } from 'spillway'
import type { FakeClock } from 'spillway/testing'
import { fakeClock } from 'spillway/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Served } from '../../test/examples/serving.js'
import { serving, started, times } from '../../test/examples/serving.js'
import { application } from './app.js'
import type { Bucket, Throttler } from './throttler.js'
import { createThrottler } from './throttler.js'

const JSON_BODY = { 'content-type': 'application/json' }

let clock: FakeClock

beforeEach(() => {
  clock = fakeClock()
})

async function serve(cost: number): Promise<Served & { readonly throttler: Throttler }> {
  const throttler = createThrottler(cost, memoryStore({ clock }))
  return { ...(await serving(application(throttler))), throttler }
}

const as = (user: string) => ({ 'x-user': user })

describe('a bucket of five units that is full again after ten seconds', () => {
  it('refuses the sixth request, and says when the bucket is full', async () => {
    const { throttler, statuses, get } = await serve(1)
    throttler.addBucket('user_id', { replenishTime: 10, maxTokens: 5 })
    expect(await statuses(times(5, '/'))).toEqual(times(5, 200))
    clock.advance('4s')
    const { status, headers, body } = await get('/')
    expect([status, headers['retry-after'], JSON.parse(body)]).toEqual([
      429,
      '6',
      { message: "You've reached the limit!" },
    ])
    clock.advance('6s')
    expect(await statuses(times(6, '/'))).toEqual([...times(5, 200), 429])
  })

  it('is a bucket of its own for each identifier', async () => {
    const { throttler, statuses } = await serve(1)
    throttler.addBucket('mia', { replenishTime: 10, maxTokens: 1 })
    throttler.addBucket('noah', { replenishTime: 10, maxTokens: 2 })
    expect(await statuses(['/', '/'], as('mia'))).toEqual([200, 429])
    expect(await statuses(['/', '/', '/'], as('noah'))).toEqual([200, 200, 429])
  })
})

describe('several buckets of one identifier', () => {
  it('must all have room', async () => {
    const { throttler, statuses } = await serve(1)
    throttler.addBucket('mia', { replenishTime: 10, maxTokens: 2 })
    throttler.addBucket('mia', { replenishTime: 60, maxTokens: 3 })
    expect(await statuses(['/', '/', '/'], as('mia'))).toEqual([200, 200, 429])
    clock.advance('10s')
    expect(await statuses(['/', '/'], as('mia'))).toEqual([200, 429])
  })

  it('lose nothing to a request that one of them refuses', async () => {
    const { throttler, statuses } = await serve(1)
    throttler.addBucket('mia', { replenishTime: 10, maxTokens: 1 })
    throttler.addBucket('mia', { replenishTime: 60, maxTokens: 2 })
    expect(await statuses(times(5, '/'), as('mia'))).toEqual([200, ...times(4, 429)])
    clock.advance('10s')
    expect(await statuses(['/'], as('mia'))).toEqual([200])
  })
})

describe('a cost of three', () => {
  it('takes three units at once, or none', async () => {
    const { throttler, statuses } = await serve(3)
    throttler.addBucket('user_id', { replenishTime: 10, maxTokens: 8 })
    expect(await statuses(times(3, '/'))).toEqual([200, 200, 429])
  })
})

describe('while it runs', () => {
  const change = async ({ send }: Served, identifier: string, bucket: Bucket) =>
    (await send(`/buckets/${identifier}`, { method: 'POST', headers: JSON_BODY, chunks: [JSON.stringify(bucket)] }))
      .status

  it('a bucket may come', async () => {
    const served = await serve(1)
    expect(await change(served, 'mia', { replenishTime: 10, maxTokens: 2 })).toBe(204)
    expect(await served.statuses(['/'], as('mia'))).toEqual([200])
    expect(await change(served, 'mia', { replenishTime: 60, maxTokens: 5 })).toBe(204)
    expect(await served.statuses(['/', '/'], as('mia'))).toEqual([200, 429])
  })

  it('a bucket may be replaced, and what was taken stays taken', async () => {
    const served = await serve(1)
    await change(served, 'mia', { replenishTime: 10, maxTokens: 2 })
    expect(await served.statuses(['/', '/', '/'], as('mia'))).toEqual([200, 200, 429])
    await change(served, 'mia', { replenishTime: 10, maxTokens: 4 })
    expect(await served.statuses(['/', '/', '/'], as('mia'))).toEqual([200, 200, 429])
  })

  it('a bucket may go', async () => {
    const { throttler, statuses, send } = await serve(1)
    throttler.addBucket('mia', { replenishTime: 10, maxTokens: 1 })
    throttler.addBucket('mia', { replenishTime: 1, maxTokens: 9 })
    expect(await statuses(['/', '/'], as('mia'))).toEqual([200, 429])
    expect((await send('/buckets/mia/10', { method: 'DELETE' })).status).toBe(204)
    expect((await send('/buckets/mia/10', { method: 'DELETE' })).status).toBe(404)
    expect(await statuses(['/', '/'], as('mia'))).toEqual([200, 200])
  })

  it('an identifier without buckets is an error, never unlimited', async () => {
    const { throttler } = await serve(1)
    await expect(throttler.consume('mia')).rejects.toThrow(RangeError)
  })
})

describe('start.ts', () => {
  it('serves the tutorial', async () => {
    const { statuses } = await started('examples/from-token-throttler/start.ts')
    expect(await statuses(times(6, '/'))).toEqual([...times(5, 200), 429])
  })
})
