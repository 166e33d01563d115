import { fileURLToPath } from 'node:url'
import type { Policy } from 'spillway'
import { parsePolicy, withTrials } from 'spillway'
import { describe, expect, test } from 'vitest'
import { logFile } from '../logs/open-log.js'
import { resultOf } from '../replay/build-result.js'
import { runReplays } from '../replay/run.js'
import type { MovedLimit } from './moved-limit.js'
import { limitsAround, movedLimits } from './moved-limit.js'

const LOG = fileURLToPath(new URL('../../../../test/fixtures/access-log-2015.log.gz', import.meta.url))

/** Replays the real log with a policy; what each rule found, and what moving its limits would do. */
async function replayed(rules: readonly object[]) {
  const policy: Policy = parsePolicy({ rules } as never)
  const watcher = { bytes: () => undefined, lines: () => undefined, recognised: () => undefined }
  const options = { utcOffset: 0, fields: {}, stdin: process.stdin }
  const wanted = { policy, demand: true, asking: { groups: new Map<string, string>() } }
  const { replay, findings, demand } = await runReplays([await logFile(LOG)], wanted, options, watcher)
  const result = resultOf(replay, 'policy', findings, 10)
  const allRules = policy.layers.flatMap(({ rules: some }) => some.flatMap(withTrials))
  const moved = allRules.map(({ quotas }, i) =>
    movedLimits(
      quotas.map(({ quota }) => quota),
      demand!.tally.rules[i]!,
    ),
  )
  return { rules: result.rules, moved }
}

function refusedUnder({ limits, refused }: MovedLimit, limit: number): number | undefined {
  return refused[limits.indexOf(limit)]
}

const QUOTAS = {
  'sliding-window': { limit: 10, window: '1m' },
  'sliding-window, long logs merged': { limit: 10, window: '1h', resolution: 2 },
  'fixed-window': { limit: 10, window: '1m', algorithm: 'fixed-window' },
  'fixed-window of the calendar': { limit: 10, algorithm: 'fixed-window', every: 'day' },
  'token-bucket': { limit: 4, window: '1m', algorithm: 'token-bucket', burst: 10 },
}

describe('a limit that is moved, on a real log', () => {
  test.each(Object.entries(QUOTAS))('refuses as many clients as a replay with that limit: %s', async (_, quota) => {
    const size = 'burst' in quota ? 'burst' : 'limit'
    const at = (limit: number) =>
      replayed([{ name: 'all', path: '/**', quotas: { ...quota, [size]: limit }, block: '5m' }])
    const { rules, moved } = await at(10)
    const [limit] = moved[0]!

    expect(limit).toMatchObject({ clients: 1_753, allRequests: 9_999 })
    expect(refusedUnder(limit!, 10)).toBe(rules[0]!.refusedClients)
    for (const other of [4, 9, 20]) {
      const there = await at(other)
      expect({ other, refused: refusedUnder(limit!, other) }).toEqual({
        other,
        refused: there.rules[0]!.refusedClients,
      })
      expect(there.rules[0]!.refusedClients).toBeGreaterThan(0)
    }
  })

  test('leaves the other quotas of its rule as they are', async () => {
    const at = (limit: number) =>
      replayed([{ name: 'all', path: '/**', quotas: [`${limit}/second`, '30/minute', '100/day'] }])
    const { rules, moved } = await at(5)
    expect(moved[0]!.map((limit) => limit.refused[limit.present])).toEqual(
      [1, 2, 3].map(() => rules[0]!.refusedClients),
    )
    for (const other of [2, 3, 8]) {
      expect(refusedUnder(moved[0]![0]!, other)).toBe((await at(other)).rules[0]!.refusedClients)
    }
  })

  test('of a rule that charges by the response counts what came to it', async () => {
    const rule = { name: 'missing', path: '/**', quotas: '3/hour', charge: { when: 'response', on: [404] } }
    const { rules, moved } = await replayed([rule])
    expect(rules[0]!.refusedClients).toBeGreaterThan(0)
    expect(moved[0]![0]!.refused[moved[0]![0]!.present]).toBe(rules[0]!.refusedClients)
  })

  test.each([
    [
      'two rules share a zone',
      [
        { name: 'a', path: '/blog/**', quotas: '3/minute', zone: 'z' },
        { name: 'b', path: '/**', quotas: '5/minute', zone: 'z' },
      ],
    ],
    [
      'a candidate and a roll-out are on trial',
      [{ name: 'a', path: '/**', quotas: '20/minute', candidate: '5/minute', enforce: '50%' }],
    ],
    ['a partition is shared', [{ name: 'a', path: '/**', quotas: '30/minute', partition: 'everyone' }]],
  ])('refuses at most so many where %s', async (_, rules) => {
    const found = await replayed(rules)
    expect(found.moved).toHaveLength(found.rules.length)
    for (const [i, { refusedClients }] of found.rules.entries()) {
      const [limit] = found.moved[i]!
      expect(limit!.refused[limit!.present]).toBeGreaterThanOrEqual(refusedClients)
    }
  })
})

describe('the limits to choose from', () => {
  test('are all of them, where they are few', () => {
    expect(limitsAround(3, 4)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('are further and further apart, where they are many, with the present one among them', () => {
    const limits = limitsAround(12_345, 1_000_000)
    expect(limits.length).toBeLessThan(125)
    expect([limits[0], limits.at(-1)]).toEqual([1, 1_000_000])
    expect(limits).toContain(12_345)
    expect(limits).toEqual([...new Set(limits)].sort((a, b) => a - b))
  })
})
