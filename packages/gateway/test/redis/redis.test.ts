import { describe, expect, test } from 'vitest'
import { redisServer } from '../../../../test/support/redis-server.js'
import { gatewayOn, LIMIT, linesOf, untilAvailable, untilConnected, untilShared } from './scene.js'

describe('a gateway whose counts are in Redis', () => {
  test('two of them share each limit exactly', async () => {
    const { url } = await redisServer()
    const [first, second] = [await gatewayOn(url), await gatewayOn(url)]
    await untilShared(2, first.metric)
    const [a, b] = await Promise.all([first.statuses(LIMIT), second.statuses(LIMIT)])

    expect((a[200] ?? 0) + (b[200] ?? 0)).toBe(LIMIT)
    expect((a[429] ?? 0) + (b[429] ?? 0)).toBe(LIMIT)
  })

  test.each([
    ['for each request', {}],
    ['under a lease', { lease: { size: 3, for: '10s' } }],
  ])('a larger limit holds at once, on top of what is spent, where units are taken %s', async (_how, lease) => {
    const server = await redisServer()
    const { reload, statuses } = await gatewayOn(server.url, lease)
    await untilConnected(server)
    await statuses(2 * LIMIT)
    // From here on refusals are remembered in the process.
    await statuses(LIMIT)

    await reload({ quotas: `${LIMIT + 5}/hour`, ...lease })
    expect(await statuses(LIMIT)).toEqual({ 200: 5, 429: LIMIT - 5 })
    await reload({ quotas: [`${LIMIT + 9}/hour`, '3/day'], ...lease })
    expect(await statuses(LIMIT)).toEqual({ 200: 3, 429: LIMIT - 3 })
  })

  test('tells of the store in its metrics and its state', async () => {
    const server = await redisServer()
    const { gateway, statuses, metric } = await gatewayOn(server.url)
    await untilConnected(server)
    await statuses(LIMIT + 1)
    await statuses(1)

    expect(await metric('spillway_store_available')).toBe(1)
    expect(await metric('spillway_store_local')).toBe(0)
    expect(await metric('spillway_store_replicas')).toBe(1)
    expect(await metric('spillway_store_decisions_total{source="store"}')).toBeGreaterThan(LIMIT - 1)
    expect(await metric('spillway_store_decisions_total{source="local"}')).toBe(0)
    expect(await metric('spillway_store_call_seconds_count')).toBeGreaterThan(0)
    expect(await metric('spillway_partitions')).toBeNaN()

    const headers = { authorization: 'Bearer t' }
    const status = await (await fetch(`${gateway.admin?.url}/api/v1/status`, { headers })).json()
    expect(status).toMatchObject({ store: { kind: 'redis', available: true, replicas: 1 } })
  })

  test('answers 200 or 429 to every request while Redis is killed, tells it once, and counts there again once it is back', async () => {
    const server = await redisServer()
    const { gateway, statuses, metric } = await gatewayOn(server.url, { quotas: '100000/hour' })
    await untilConnected(server)
    const before = await statuses(20)
    const killed = server.kill()
    const during = await statuses(200)
    await killed
    const after = await statuses(20)

    expect({ before, during, after }).toEqual({ before: { 200: 20 }, during: { 200: 200 }, after: { 200: 20 } })
    expect(await metric('spillway_store_available')).toBe(0)
    expect(await metric('spillway_store_local')).toBe(1)
    expect(await metric('spillway_store_decisions_total{source="local"}')).toBeGreaterThanOrEqual(20)
    expect((await fetch(`${gateway.admin?.url}/readyz`)).status).toBe(200)

    await server.restart()
    await untilAvailable(metric)
    const toldBy = async () => {
      expect(await statuses(1)).toEqual({ 200: 1 })
      return metric('spillway_store_local')
    }
    await expect.poll(toldBy, { timeout: 10_000 }).toBe(0)
    expect(await server.cli('DBSIZE')).not.toBe('0')
    for (const each of [/is unavailable/, /counting alone/, /available again/, /with the others again/])
      expect(linesOf(gateway, each), String(each)).toHaveLength(1)
    expect(linesOf(gateway, /connection to the store failed/).length).toBeLessThan(4)
  })

  test('in local mode still refuses what is above the limit', async () => {
    const server = await redisServer()
    const { statuses } = await gatewayOn(server.url)
    await untilConnected(server)
    expect(await statuses(4)).toEqual({ 200: 4 })
    await server.kill()
    const alone = await statuses(3 * LIMIT)

    expect((alone[200] ?? 0) + (alone[429] ?? 0)).toBe(3 * LIMIT)
    expect(alone[200]).toBeLessThanOrEqual(LIMIT - 4 + 1)
  })

  test('refuses with 503, or lets pass, where a rule says so', async () => {
    const server = await redisServer()
    const strict = await gatewayOn(server.url, { onStoreFailure: 'deny' })
    const lenient = await gatewayOn(server.url, { onStoreFailure: 'allow' })
    await untilShared(2, lenient.metric)
    await server.kill()

    expect(await strict.statuses(LIMIT + 5)).toEqual({ 503: LIMIT + 5 })
    expect(await lenient.statuses(LIMIT + 5)).toEqual({ 200: LIMIT + 5 })
    expect(await lenient.metric('spillway_store_decisions_total{source="unknown"}')).toBe(LIMIT + 5)
  })

  test('starts before Redis, answers meanwhile, and counts there once it is up', async () => {
    const server = await redisServer()
    await server.kill()
    const startedAt = performance.now()
    const { statuses, metric } = await gatewayOn(server.url)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    expect(await statuses(1)).toEqual({ 200: 1 })
    await expect.poll(() => metric('spillway_store_available'), { timeout: 10_000 }).toBe(0)

    await server.restart()
    await untilAvailable(metric)
    await statuses(1)
    expect(await server.cli('KEYS', 'spillway:*towns')).not.toBe('')
  })

  test('stops at once, whether Redis is there, away or silent', async () => {
    const server = await redisServer()
    const [there, silent, away] = [
      await gatewayOn(server.url),
      await gatewayOn(server.url),
      await gatewayOn(server.url),
    ]
    const stopTime = async ({ gateway }: typeof there) => {
      const startedAt = performance.now()
      await gateway.stop()
      return performance.now() - startedAt
    }
    await untilShared(3, there.metric)
    await there.statuses(1)
    expect(await stopTime(there)).toBeLessThan(1_000)
    await silent.statuses(1)
    server.pause()
    expect(await stopTime(silent)).toBeLessThan(2_000)
    server.resume()
    await server.kill()
    expect(await stopTime(away)).toBeLessThan(2_000)
  })
})
