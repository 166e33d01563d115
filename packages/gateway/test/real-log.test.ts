import { describe, expect, test } from 'vitest'
import type { LoggedRequest } from './support/access-log.js'
import { accessLog } from './support/access-log.js'
import { exactCount, LEFT } from './support/exact-count.js'
import { PATHS, PLAIN_RULES, policyRules } from './support/log-rules.js'
import type { SentRequest } from './support/sent-log.js'
import { sentLog } from './support/sent-log.js'

const { requests, skipped } = accessLog()

/**
 * The log gives its lines in no order within a minute, as a server with one clock never saw them. Sorted, the clock
 * only goes forward, and a window in the log's time is a window: that is the comparison. As they came, the clock steps
 * back before every other request, and what counts is the time that passed, the sum of the steps forward.
 */
const ORDERS = { sorted: requests.toSorted((a, b) => a.at - b.at), 'as they came': requests }

/** Requests refused and in all, by rule. */
type Tally = Record<string, { refused: number; all: number }>

function count(tally: Tally, rule: string, refused: boolean): void {
  const entry = tally[rule] ?? { refused: 0, all: 0 }
  tally[rule] = { refused: entry.refused + (refused ? 1 : 0), all: entry.all + 1 }
}

function report(title: string, tally: Tally, started: number): void {
  const rules = Object.entries(tally).map(([rule, { refused, all }]) => `${rule} refused ${refused} of ${all}`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${title}: ${rules.join(', ')}; ${seconds} s\n`)
}

/** The time that has passed at each request. */
function timeOf(list: readonly LoggedRequest[]): number[] {
  let [time, last] = [0, 0]
  return list.map(({ at }) => {
    time += Math.max(0, at - last)
    last = at
    return time
  })
}

test('the log has 9,999 whole requests and one line that is cut short, which is skipped', () => {
  expect({ whole: requests.length, skipped }).toEqual({ whole: 9_999, skipped: 1 })
})

describe('every answer to the real log is that of a count by brute force', () => {
  test.each([
    ['sliding-window', 'sorted'],
    ['sliding-window', 'as they came'],
    ['fixed-window', 'sorted'],
    ['fixed-window', 'as they came'],
    ['token-bucket', 'sorted'],
    ['token-bucket', 'as they came'],
  ] as const)('%s, %s', async (algorithm, order) => {
    const started = performance.now()
    const list = ORDERS[order]
    const { answers, reached } = await sentLog(list, policyRules(algorithm))
    const expectedOf = exactCount(LEFT[algorithm], PLAIN_RULES)
    const times = timeOf(list)
    const tally: Tally = {}

    const differences = answers.filter(({ request, status, retryAfter }, i) => {
      const expected = expectedOf(request.client, request.method, request.target, times[i] as number)
      count(tally, expected.rule, status === 429)
      return status !== (expected.retryAfter === 0 ? 200 : 429) || retryAfter !== expected.retryAfter
    })
    report(`${algorithm}, ${order}`, tally, started)

    expect(differences.slice(0, 5)).toEqual([])
    expect(reached).toBe(answers.filter(({ status }) => status === 200).length)
    expect(Object.keys(tally).sort()).toEqual(['blog', 'rest', 'talks'])
    if (order === 'as they came') return
    // A comparison of answers that are all alike would prove nothing.
    for (const { refused, all } of Object.values(tally)) expect(refused / all).toBeGreaterThan(0.1)
  })
})

describe('above twice the resolution a sliding window', () => {
  const window = 6 * 3_600
  const slot = window / 60
  const rules = [
    { name: 'blog', path: '/blog/**', limit: 150, takes: (target: string) => PATHS.blog.test(target) },
    { name: 'talks', path: '/presentations/**', limit: 170, takes: (target: string) => PATHS.talks.test(target) },
    { name: 'rest', path: '/**', limit: 200, takes: () => true },
  ]

  /**
   * All requests of an hour stand in one minute of this log, so that they share a slot, and all of them count until the
   * last one is a window old: as much is refused in excess as ever can be.
   */
  test('admits nothing that an exact log would not, and holds a unit no longer than a slot more', async () => {
    const started = performance.now()
    const policy = rules.map(({ name, path, limit }) => {
      return { name, path, partition: 'everyone', quotas: { limit, window: '6h' } }
    })
    const { answers } = await sentLog(ORDERS.sorted, policy)
    const tally: Tally = {}
    let inExcess = 0

    for (const rule of rules) {
      const own = answers.filter(({ request }) => rules.find(({ takes }) => takes(request.target)) === rule)
      for (const { status } of own) count(tally, rule.name, status === 429)
      const held = besideLog(own, rule.limit)
      expect(held).toMatchObject({ tooMany: 0, heldTooLong: 0 })
      expect(tally[rule.name]?.refused).toBeGreaterThan(100)
      inExcess += held.inExcess
    }
    report('sliding-window above twice the resolution', tally, started)
    const share = ((100 * inExcess) / answers.length).toFixed(1)
    process.stdout.write(`refused in excess: ${inExcess} of ${answers.length}, ${share} %\n`)
  })

  /** One rule's answers beside an exact log of what the gateway itself has admitted before. */
  function besideLog(answers: readonly SentRequest[], limit: number) {
    const admitted: number[] = []
    const found = { tooMany: 0, inExcess: 0, heldTooLong: 0 }

    for (const { request, status } of answers) {
      const roomAfter = (span: number) => admitted.filter((at) => request.at < at + span).length < limit
      if (status === 200) {
        if (!roomAfter(window)) found.tooMany++
        admitted.push(request.at)
        continue
      }
      if (roomAfter(window)) found.inExcess++
      if (roomAfter(window + slot)) found.heldTooLong++
    }
    return found
  }
})
