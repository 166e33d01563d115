import type { Policy, Verdict } from 'spillway'
import { expect } from 'vitest'
import type { FormatOptions } from '../../src/logs/formats/options.js'
import type { LogFormat, LogLine } from '../../src/logs/log-line.js'
import { logTexts } from '../../src/logs/log-line.js'
import { logFile } from '../../src/logs/open-log.js'
import { lineOrder } from '../../src/logs/order.js'
import { readLog } from '../../src/logs/read-log.js'
import { replayOf } from '../../src/replay/replay.js'

/** What a replay says of a line, as the gateway would answer the request. */
export interface Answer {
  /** Its time in seconds, its client, method and target. */
  readonly request: string
  readonly status: number
  /** Seconds; 0 where it is not refused. */
  readonly retryAfter: number
}

/** Replays a log file: the answer to each line, in the order of time, and the numbers of lines that cannot be read. */
export async function replayedLog(
  path: string,
  policy: Policy,
  makeFormat: (options: FormatOptions) => LogFormat,
): Promise<{ readonly answers: readonly Answer[]; readonly unparsed: readonly number[] }> {
  const replay = replayOf(policy, { groups: new Map() })
  const answers: Answer[] = []
  const unparsed: number[] = []
  const order = lineOrder((line, at) => void answers.push(answerTo(line, at, replay.decide(line, at))))
  const options = { texts: logTexts(), utcOffset: 0, fields: {}, stdin: process.stdin }
  await readLog(
    await logFile(path),
    { ...options, format: makeFormat(options) },
    {
      line: order.put,
      unparsed: ({ line }) => void unparsed.push(line),
      bytes: () => undefined,
      recognised: () => undefined,
    },
  )
  order.flush()
  expect(order.count).toMatchObject({ late: 0, setBack: 0 })
  return { answers, unparsed }
}

function answerTo({ address, method, target }: LogLine, at: number, verdict: Verdict): Answer {
  const request = `${at / 1_000_000} ${address.text} ${method.text} ${target.text}`
  switch (verdict.kind) {
    case 'allow':
      return { request, status: 200, retryAfter: 0 }
    case 'malformed':
      return { request, status: 400, retryAfter: 0 }
    case 'deny': {
      const { decision } = verdict.decisive
      if (!('retryAfter' in decision)) throw new Error(decision.kind)
      return { request, status: 429, retryAfter: Math.ceil(decision.retryAfter / 1_000_000) }
    }
    default:
      throw new Error(verdict.kind)
  }
}
