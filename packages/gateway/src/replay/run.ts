import type { Readable } from 'node:stream'
import type { Micros, Policy } from 'spillway'
import { FORMATS } from '../logs/formats/all.js'
import type { FieldNames, FormatName } from '../logs/formats/names.js'
import { inOrderOfTime } from '../logs/in-order-of-time.js'
import type { LogLine } from '../logs/log-line.js'
import { logTexts } from '../logs/log-line.js'
import type { LogFile } from '../logs/open-log.js'
import type { OrderCount } from '../logs/order.js'
import { lineOrder } from '../logs/order.js'
import type { LogReader, Unparsed } from '../logs/read-log.js'
import { readLog } from '../logs/read-log.js'
import type { Recognised } from '../logs/recognise.js'
import type { Demand } from './demand.js'
import { demandOf } from './demand.js'
import type { Decider, Replay } from './replay.js'
import { replayOf } from './replay.js'
import type { Asking } from './who.js'

/** How logs are read. */
export interface LogOptions {
  readonly format?: FormatName
  /** Seconds from UTC of times that do not say it themselves. */
  readonly utcOffset: number
  /** Where JSON lines have what is asked for. */
  readonly fields: FieldNames
  readonly stdin: Readable
}

/** What is wanted of the requests of logs. */
export interface WantedReplays {
  readonly policy: Policy
  /** Another policy, which is replayed too. */
  readonly compared?: Policy
  /** Whether it is counted too what clients ask for under the policy, were nothing refused: one more guard decides. */
  readonly demand: boolean
  readonly asking: Asking
}

/** What replays have found. */
export interface Replays {
  readonly replay: Replay
  /** Absent unless another policy was named. */
  readonly compared?: Replay
  /** Absent unless it was asked for. */
  readonly demand?: Demand
  readonly findings: LogFindings
}

/** What was found out about the logs themselves. */
export interface LogFindings {
  readonly logs: readonly { readonly file: string; readonly format: string }[]
  readonly unparsed: { readonly lines: number; readonly first: readonly Unparsed[] }
  readonly order: OrderCount
}

/** Who hears how far a replay is. */
export interface Watcher {
  bytes(count: number): void
  lines(count: number): void
  recognised(file: string, by: Recognised): void
}

/** Lines that are no request, of which so many are kept. */
const FIRST_UNPARSED = 10
const LINES_A_STEP = 10_000

/**
 * Replays logs, one after the other: all that is wanted sees every request in one pass. Throws as `readLog` does.
 */
export async function runReplays(
  files: readonly LogFile[],
  { policy, compared, demand, asking }: WantedReplays,
  options: LogOptions,
  watcher: Watcher,
): Promise<Replays> {
  const replay = replayOf(policy, asking)
  const deciders = {
    replay,
    ...(compared && { compared: replayOf(compared, asking) }),
    ...(demand && { demand: demandOf(policy, asking, replay) }),
  }
  const all: readonly Decider[] = Object.values(deciders)
  const decide = (line: LogLine, at: Micros) => {
    for (const decider of all) decider.decide(line, at)
  }
  return { ...deciders, findings: await readLogs(files, options, watcher, decide) }
}

/** Hands on every request of the logs, in order of time; the line object is used again. Throws as `readLog` does. */
export async function readLogs(
  files: readonly LogFile[],
  options: LogOptions,
  watcher: Watcher,
  take: (line: LogLine, at: Micros) => void,
): Promise<LogFindings> {
  const order = lineOrder(take)
  const texts = logTexts()
  const unparsed = { lines: 0, first: [] as Unparsed[] }
  const logs: { file: string; format: string }[] = []
  let lines = 0

  const reader: LogReader = {
    line(line) {
      order.put(line)
      if (++lines % LINES_A_STEP === 0) watcher.lines(LINES_A_STEP)
    },
    unparsed(line) {
      unparsed.lines++
      if (unparsed.first.length < FIRST_UNPARSED) unparsed.first.push(line)
    },
    bytes: watcher.bytes,
    recognised(file, by) {
      logs.push({ file, format: by.format.name })
      watcher.recognised(file, by)
    },
  }
  const formatOptions = { texts, utcOffset: options.utcOffset, fields: options.fields }
  const format = options.format && FORMATS[options.format](formatOptions)
  const readOptions = { ...formatOptions, ...(format && { format }), stdin: options.stdin }
  for (const file of await inOrderOfTime(files, readOptions)) {
    if (format) logs.push({ file: file.path, format: format.name })
    await readLog(file, readOptions, reader)
  }
  order.flush()
  return { logs, unparsed, order: order.count }
}
