import type { Micros } from 'spillway'
import { LogError } from '../logs/log-error.js'
import type { LogLine } from '../logs/log-line.js'
import type { LogFindings } from '../replay/run.js'

/** Reads a log once, in order of time. It is read several times. */
export type ReadLog = (take: (line: LogLine, at: Micros) => void) => Promise<LogFindings>

/** A log and how many of its requests, the first ones, the limits are fitted to. */
export interface Parts {
  readonly read: ReadLog
  readonly fitted: number
}

/** Holds out the last requests of a log, this share of them. Throws a `LogError` where there is no request. */
export async function partsOf(read: ReadLog, holdOut: number): Promise<Parts> {
  let requests = 0
  await read(() => void requests++)
  if (requests === 0) throw new LogError('there is no request in these logs, so that nothing can be learnt of them')
  return { read, fitted: Math.max(1, Math.ceil(requests * (1 - holdOut))) }
}

/** Reads the part that limits are fitted to. */
export async function readFitted({ read, fitted }: Parts, take: (line: LogLine, at: Micros) => void): Promise<void> {
  let nth = 0
  await read((line, at) => {
    if (nth++ < fitted) take(line, at)
  })
}
