import { fileURLToPath } from 'node:url'
import type { Verdict } from 'spillway'
import { parsePolicy } from 'spillway'
import { describe, expect, test } from 'vitest'
import { FORMATS } from '../src/logs/formats/all.js'
import type { LogLine } from '../src/logs/log-line.js'
import { logTexts } from '../src/logs/log-line.js'
import { logFile } from '../src/logs/open-log.js'
import { lineOrder } from '../src/logs/order.js'
import { readLog } from '../src/logs/read-log.js'
import { replayOf } from '../src/replay/replay.js'
import { accessLog } from './support/access-log.js'
import { exactCount, LEFT } from './support/exact-count.js'
import { PLAIN_RULES, policyRules } from './support/log-rules.js'
import { replay as throughGateway } from './support/replay.js'

const FILE = fileURLToPath(new URL('../../../test/fixtures/access-log-2015.log.gz', import.meta.url))

/** The log in the order of time: that in which a replay decides, and the gateway is asked here. */
const sorted = accessLog().requests.toSorted((a, b) => a.at - b.at)

interface Answer {
  readonly request: string
  readonly status: number
  readonly retryAfter: number
}

/** Replays the log file; the answer to each line, as the gateway would give it. */
async function replayed(rules: readonly object[]): Promise<{ answers: Answer[]; unparsed: number[] }> {
  const policy = parsePolicy({ identity: [{ ip: { trustedProxies: ['127.0.0.1'] } }], rules } as never)
  const replay = replayOf(policy, { groups: new Map() })
  const answers: Answer[] = []
  const unparsed: number[] = []
  const order = lineOrder((line, at) => void answers.push(answerTo(line, at, replay.decide(line, at))))
  const options = { texts: logTexts(), utcOffset: 0, fields: {}, stdin: process.stdin }
  await readLog(
    await logFile(FILE),
    { ...options, format: FORMATS.combined(options) },
    {
      line: order.put,
      unparsed: ({ line }) => void unparsed.push(line),
      bytes: () => undefined,
      format: () => undefined,
    },
  )
  order.flush()
  expect(order.count).toMatchObject({ late: 0, setBack: 0 })
  return { answers, unparsed }
}

function answerTo({ address, method, target }: LogLine, at: number, verdict: Verdict): Answer {
  const request = `${at / 1_000_000} ${address.text} ${method.text} ${target.text}`
  if (verdict.kind === 'allow') return { request, status: 200, retryAfter: 0 }
  if (verdict.kind !== 'deny') throw new Error(verdict.kind)
  const { decision } = verdict.decisive
  if (!('retryAfter' in decision)) throw new Error(decision.kind)
  return { request, status: 429, retryAfter: Math.ceil(decision.retryAfter / 1_000_000) }
}

describe.each(['sliding-window', 'fixed-window', 'token-bucket'] as const)(
  'replay of the real log, %s',
  (algorithm) => {
    test('gives every line the answer that a count by brute force gives', async () => {
      const { answers, unparsed } = await replayed(policyRules(algorithm))
      const expectedOf = exactCount(LEFT[algorithm], PLAIN_RULES)
      const expected = sorted.map(({ at, client, method, target }): Answer => {
        const { retryAfter } = expectedOf(client, method, target, at)
        return { request: `${at} ${client} ${method} ${target}`, status: retryAfter === 0 ? 200 : 429, retryAfter }
      })

      expect(unparsed).toEqual([8899])
      expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(1_000)
      expect(answers).toEqual(expected)
    })

    test('gives every line the answer that the running gateway gives the request', async () => {
      const { answers } = await replayed(policyRules(algorithm))
      const { answers: given } = await throughGateway(sorted, policyRules(algorithm))

      expect(answers).toEqual(
        given.map(({ request: { at, client, method, target }, status, retryAfter }) => {
          return { request: `${at} ${client} ${method} ${target}`, status, retryAfter }
        }),
      )
    })
  },
)
