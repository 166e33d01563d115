import type { Readable } from 'node:stream'
import type { FormatOptions } from './formats/all.js'
import { COMMENT } from './formats/cloudfront.js'
import type { LogFormat, LogLine } from './log-line.js'
import type { LogFile } from './open-log.js'
import { openLog } from './open-log.js'
import { recogniseFormat } from './recognise.js'
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
  /** The line object to read into. */
  blank(): LogLine
  line(line: LogLine): void
  unparsed(line: Unparsed): void
  /** Bytes of the file that were taken. */
  bytes(count: number): void
  /** The format of the file; said before its lines. */
  format(file: string, name: string, read: number, lines: number): void
}

/** How a log is to be read. */
export interface ReadOptions extends FormatOptions {
  /** Absent: it is recognised by the first lines. */
  readonly format?: LogFormat
  readonly stdin: Readable
}

/** A log that cannot be read, with the reason. */
export class LogError extends Error {
  override readonly name = 'LogError'
}

const ENOUGH_TO_RECOGNISE = 256 * 1024
const EXCERPT = 200

/** Reads a log from its first line to its last. Throws a `LogError` where no format reads it, and what `openLog` throws. */
export async function readLog(file: LogFile, options: ReadOptions, reader: LogReader): Promise<void> {
  const chunks = openLog(file, options.stdin, (count) => reader.bytes(count))
  const held: Uint8Array[] = []
  let size = 0
  while (size < ENOUGH_TO_RECOGNISE) {
    const { value, done } = await chunks.next()
    if (done) break
    held.push(value)
    size += value.length
  }
  if (size === 0) return

  const format = options.format ?? recognised(file, held, options, reader)
  const splitter = splitLines(lineReader(file.path, format, reader))
  for (const chunk of held) splitter.push(chunk)
  for await (const chunk of chunks) splitter.push(chunk)
  splitter.end()
}

function recognised(
  { path }: LogFile,
  chunks: readonly Uint8Array[],
  options: FormatOptions,
  reader: LogReader,
): LogFormat {
  const found = recogniseFormat(chunks, options)
  if (found === undefined) {
    throw new LogError(
      'none of its first lines is of a known format: name it with --format, or its fields with --fields',
    )
  }
  reader.format(path, found.format.name, found.read, found.lines)
  return found.format
}

function lineReader(file: string, format: LogFormat, reader: LogReader) {
  let number = 0
  const unparsed = (reason: string, text: string) => reader.unparsed({ file, line: number, reason, text })
  let into = reader.blank()
  return {
    line(line: Parameters<LogFormat['parse']>[0], start: number, end: number): void {
      number++
      const reason = format.parse(line, start, end, into)
      if (reason !== undefined) {
        if (reason !== COMMENT) unparsed(reason, line.bytes.toString('utf8', start, Math.min(end, start + EXCERPT)))
        return
      }
      reader.line(into)
      into = reader.blank()
    },
    tooLong(bytes: number): void {
      number++
      unparsed(`it has ${bytes} bytes: longer than any request`, '')
    },
  }
}
