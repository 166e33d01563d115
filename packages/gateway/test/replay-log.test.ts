import { fileURLToPath } from 'node:url'
import { parsePolicy } from 'spillway'
import { describe, expect, test } from 'vitest'
import { FORMATS } from '../src/logs/formats/all.js'
import { accessLog } from './support/access-log.js'
import { exactCount, LEFT } from './support/exact-count.js'
import { PLAIN_RULES, policyRules } from './support/log-rules.js'
import type { Answer } from './support/replayed-log.js'
import { replayedLog } from './support/replayed-log.js'
import { sentLog } from './support/sent-log.js'

const FILE = fileURLToPath(new URL('../../../test/fixtures/access-log-2015.log.gz', import.meta.url))

/** The log in the order of time: that in which a replay decides, and the gateway is asked here. */
const sorted = accessLog().requests.toSorted((a, b) => a.at - b.at)

/** The answers to the lines of the log. */
function replayed(rules: readonly object[]) {
  const policy = parsePolicy({ identity: [{ ip: { trustedProxies: ['127.0.0.1'] } }], rules } as never)
  return replayedLog(FILE, policy, FORMATS.combined)
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
      const { answers: given } = await sentLog(sorted, policyRules(algorithm))

      expect(answers).toEqual(
        given.map(({ request: { at, client, method, target }, status, retryAfter }) => {
          return { request: `${at} ${client} ${method} ${target}`, status, retryAfter }
        }),
      )
    })
  },
)
