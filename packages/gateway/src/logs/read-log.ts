import type { Readable } from 'node:stream'
import type { FormatOptions } from './formats/options.js'
import { LogError } from './log-error.js'
import type { LogFormat, LogLine } from './log-line.js'
import { COMMENT, emptyLine } from './log-line.js'
import type { LogFile } from './open-log.js'
import { openLog } from './open-log.js'
import type { Recognised } from './recognise.js'
import { recogniseFormat } from './recognise.js'
import type { LineReader } from './split-lines.js'
import { splitLines } from './split-lines.js'

/** A line that is no request. */
export interface Unparsed {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly reason: string
  /** How it begins, as it stands there: from a client, and hostile. */
  readonly text: string
}

/** Who hears of what stands in a log. */
export interface LogReader {
  /** The line object is used again. */
  line(line: LogLine): void
  unparsed(line: Unparsed): void
  /** Bytes of the file that were taken. */
  bytes(count: number): void
  /** How the format of a file was recognised; said before its lines. */
  recognised(file: string, by: Recognised): void
}

/** How a log is to be read. */
export interface ReadOptions extends FormatOptions {
  /** Absent: it is recognised by the first lines. */
  readonly format?: LogFormat
  readonly stdin: Readable
}

const ENOUGH_TO_RECOGNISE = 256 * 1024
const EXCERPT = 200

/** A log whose first lines are read. */
interface Begun {
  readonly chunks: AsyncGenerator<Uint8Array>
  /** What of `chunks` was taken already. */
  readonly held: readonly Uint8Array[]
  /** Absent of a log without a byte. */
  readonly format?: LogFormat
  /** How it was recognised; absent where it was named. */
  readonly recognised?: Recognised
}

/** Takes so much of a log that its format is known. Throws a `LogError` where no format reads it. */
export async function beginLog(file: LogFile, options: ReadOptions, read: (bytes: number) => void): Promise<Begun> {
  const chunks = openLog(file, options.stdin, read)
  const held: Uint8Array[] = []
  let size = 0
  while (size < ENOUGH_TO_RECOGNISE) {
    const { value, done } = await chunks.next()
    if (done) break
    held.push(value)
    size += value.length
  }
  if (size === 0) return { chunks, held }
  if (options.format) return { chunks, held, format: options.format }
  const recognised = recogniseFormat(held, options)
  if (recognised) return { chunks, held, format: recognised.format, recognised }
  throw new LogError(
    `${file.path}: none of its first lines is of a known format: name it with --format, or its fields with --fields`,
  )
}

/** Reads a log from its first line to its last. Throws a `LogError` where it cannot be read, or no format reads it. */
export async function readLog(file: LogFile, options: ReadOptions, reader: LogReader): Promise<void> {
  const { chunks, held, format, recognised } = await beginLog(file, options, reader.bytes)
  if (format === undefined) return
  if (recognised) reader.recognised(file.path, recognised)
  const splitter = splitLines(lineReader(file.path, format, reader))
  for (const chunk of held) splitter.push(chunk)
  for await (const chunk of chunks) splitter.push(chunk)
  splitter.end()
}

function lineReader(file: string, format: LogFormat, reader: LogReader): LineReader {
  let number = 0
  const unparsed = (reason: string, text: string) => reader.unparsed({ file, line: number, reason, text })
  const into = emptyLine()
  return {
    line(line, start, end) {
      number++
      const reason = format.parse(line, start, end, into)
      if (reason !== undefined) {
        if (reason !== COMMENT) unparsed(reason, line.bytes.toString('utf8', start, Math.min(end, start + EXCERPT)))
        return
      }
      reader.line(into)
    },
    tooLong(bytes) {
      number++
      unparsed(`it has ${bytes} bytes: longer than any request`, '')
    },
  }
}
