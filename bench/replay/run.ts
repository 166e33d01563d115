/** A process that reads one log: `FILE POLICY`. */
import { closeSync, openSync, readSync } from 'node:fs'
import { logFile } from '../../packages/gateway/src/logs/open-log.js'
import { loadPolicyFile } from '../../packages/gateway/src/policy-file/load-policy-file.js'
import { resultOf } from '../../packages/gateway/src/replay/build-result.js'
import { runReplays } from '../../packages/gateway/src/replay/run.js'
import { answerQuestions } from '../lib/worker.js'

const [file = '', policyFile = ''] = process.argv.slice(2)

/** What a reading took. */
export interface Reading {
  readonly lines: number
  /** Seconds of processor time, all threads together. */
  readonly processor: number
  /** Mebibytes of resident memory, at most, by each tenth of the log. */
  readonly memory: readonly number[]
  /** What was found, so that nothing is left out as unused. */
  readonly found: number
}

async function timed(read: (lap: () => void) => Promise<{ lines: number; found: number }>): Promise<Reading> {
  const cpu = process.cpuUsage()
  const memory: number[] = []
  const counted = await read(() => void memory.push(Math.round(process.memoryUsage.rss() / 2 ** 20)))
  const { user, system } = process.cpuUsage(cpu)
  return { ...counted, processor: (user + system) / 1e6, memory }
}

async function replay(lap: () => void): Promise<{ lines: number; found: number }> {
  const { policy } = await loadPolicyFile(policyFile, {})
  const log = await logFile(file)
  const step = (log.size ?? 0) / 10
  let [read, laps] = [0, 0]
  const watcher = {
    bytes(count: number) {
      read += count
      for (; read >= (laps + 1) * step; laps++) lap()
    },
    lines: () => undefined,
    format: () => undefined,
  }
  const options = { utcOffset: 0, fields: {}, stdin: process.stdin }
  const { replays, findings } = await runReplays([log], [policy], { groups: new Map() }, options, watcher)
  const result = resultOf(replays[0] as NonNullable<(typeof replays)[0]>, policyFile, findings, 10)
  return { lines: result.requests, found: result.refused.requests }
}

/** A loop over the bytes of a buffer that splits lines, and cuts out the address, the time and the request of each. */
function plain(): Promise<{ lines: number; found: number }> {
  const buffer = Buffer.allocUnsafe(4 * 1024 * 1024)
  const descriptor = openSync(file, 'r')
  let [lines, found, filled] = [0, 0, 0]
  while (true) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, null)
    if (count === 0) break
    filled += count
    let start = 0
    for (let at = 0; at < filled; at++) {
      if (buffer[at] !== 10) continue
      found += cutOut(buffer, start, at)
      lines++
      start = at + 1
    }
    buffer.copyWithin(0, start, filled)
    filled -= start
  }
  closeSync(descriptor)
  return Promise.resolve({ lines, found })
}

function cutOut(buffer: Buffer, start: number, end: number): number {
  const address = next(buffer, 32, start, end)
  const open = next(buffer, 91, address, end)
  const close = next(buffer, 93, open, end)
  const quote = next(buffer, 34, close, end)
  const request = next(buffer, 34, quote + 1, end)
  const fields = [
    buffer.toString('latin1', start, address),
    buffer.toString('latin1', open + 1, close),
    buffer.toString('latin1', quote + 1, request),
  ]
  return fields.join(' ').length
}

function next(buffer: Buffer, byte: number, from: number, end: number): number {
  let at = from
  while (at < end && buffer[at] !== byte) at++
  return at
}

answerQuestions({ replay: () => timed(replay), plain: () => timed(plain) })
