import { fakeClock } from 'spillway/testing'
import { describe, expect, test } from 'vitest'
import { testGateway } from './support/gateway.js'
import { upstreamServer } from './support/servers.js'

const DAY = 86_400
const ALGORITHMS = ['sliding-window', 'fixed-window', 'token-bucket'] as const

/** A gateway with one quota and a clock that the test turns. */
async function gatewayWith(rule: object) {
  const clock = fakeClock()
  const upstream = await upstreamServer((_request, response) => response.end())
  const rules = [{ path: '/**', ...rule }]
  const { address } = await testGateway({ upstream: upstream.url, rules }, { clock })
  const ask = async () => {
    const answer = await fetch(address.url)
    await answer.arrayBuffer()
    return { status: answer.status, retryAfter: Number(answer.headers.get('retry-after') ?? 0) }
  }
  const statuses = async (count: number) => {
    const found: number[] = []
    for (let i = 0; i < count; i++) found.push((await ask()).status)
    return found
  }
  return { clock, ask, statuses }
}

describe.each([30, 366])('a window of %i days', (days) => {
  test.each(ALGORITHMS)('counts to its end, with %s', async (algorithm) => {
    const { clock, ask, statuses } = await gatewayWith({ quotas: { limit: 2, window: `${days}d`, algorithm } })
    // A token bucket has one of its two back after half the time.
    const span = algorithm === 'token-bucket' ? (days * DAY) / 2 : days * DAY
    expect(await statuses(4)).toEqual([200, 200, 429, 429])
    expect(await ask()).toEqual({ status: 429, retryAfter: span })

    clock.advance((span - 1) * 1_000_000)
    expect(await ask()).toEqual({ status: 429, retryAfter: 1 })
    clock.advance(1_000_000)
    expect((await ask()).status).toBe(200)
  })

  test('may be that of a block', async () => {
    const { clock, ask, statuses } = await gatewayWith({ quotas: '1/second', block: `${days}d` })
    expect(await statuses(2)).toEqual([200, 429])

    clock.advance((days * DAY - 1) * 1_000_000)
    expect(await ask()).toEqual({ status: 429, retryAfter: 1 })
    clock.advance(1_000_000)
    expect((await ask()).status).toBe(200)
  })
})

describe.each(ALGORITHMS)('when the clock steps, with %s', (algorithm) => {
  const rule = { quotas: { limit: 3, window: '1m', algorithm } }

  test.each(['-1h', '-366d', '-40y'])(
    'back by %s nobody gains a unit, and nobody waits longer than the window',
    async (step) => {
      const { clock, ask, statuses } = await gatewayWith(rule)
      expect(await statuses(4)).toEqual([200, 200, 200, 429])

      clock.advance(secondsOf(step) * 1_000_000)
      const denied = await ask()
      expect(denied.status).toBe(429)
      expect(denied.retryAfter).toBeLessThanOrEqual(60)
      clock.advance(denied.retryAfter * 1_000_000)
      expect((await ask()).status).toBe(200)
    },
  )

  test.each(['1h', '366d', '40y'])('forward by %s the time has passed, and the limit still holds', async (step) => {
    const { clock, statuses } = await gatewayWith(rule)
    await statuses(4)
    clock.advance(secondsOf(step) * 1_000_000)

    expect(await statuses(4)).toEqual([200, 200, 200, 429])
  })

  test('to and fro, only the time that went forward brings units back', async () => {
    const { clock, statuses } = await gatewayWith(rule)
    const found: number[] = []
    for (let i = 0; i < 40; i++) {
      found.push(...(await statuses(1)))
      clock.advance(i % 2 === 0 ? '1s' : -3_600_000_000)
    }

    // Twenty seconds went forward, in which a token bucket of three a minute regains one.
    expect(found.filter((status) => status === 200)).toHaveLength(algorithm === 'token-bucket' ? 4 : 3)
  })
})

function secondsOf(step: string): number {
  const [, count = '', unit = ''] = /^(-?\d+)([hdy])$/.exec(step) ?? []
  return Number(count) * { h: 3_600, d: DAY, y: 365 * DAY }[unit as 'h' | 'd' | 'y']
}
