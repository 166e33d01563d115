import { FORMATS } from './formats/all.js'
import { FORMAT_NAMES } from './formats/names.js'
import type { FormatOptions } from './formats/options.js'
import type { LogFormat } from './log-line.js'
import { emptyLine } from './log-line.js'
import { splitLines } from './split-lines.js'

/** A format that was recognised, and how sure it is. */
export interface Recognised {
  readonly format: LogFormat
  /** Of `lines` that were looked at so many are of this format. */
  readonly read: number
  readonly lines: number
}

const MOST_LINES = 200

/** The format of the most of the first lines; absent where no format reads any. */
export function recogniseFormat(chunks: readonly Uint8Array[], options: FormatOptions): Recognised | undefined {
  let best: Recognised | undefined
  for (const name of FORMAT_NAMES) {
    const format = FORMATS[name](options)
    const counted = readWith(format, chunks)
    if (counted.read > (best?.read ?? 0)) best = { format, ...counted }
  }
  return best
}

function readWith(format: LogFormat, chunks: readonly Uint8Array[]): { read: number; lines: number } {
  const into = emptyLine()
  let [read, lines] = [0, 0]
  const splitter = splitLines({
    line(line, start, end) {
      if (lines === MOST_LINES) return
      lines++
      if (format.parse(line, start, end, into) === undefined) read++
    },
    tooLong: () => void lines++,
  })
  for (const chunk of chunks) splitter.push(chunk)
  if (lines === 0) splitter.end()
  return { read, lines }
}
