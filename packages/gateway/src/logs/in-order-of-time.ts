import type { Micros } from 'spillway'
import type { LogFormat } from './log-line.js'
import { emptyLine } from './log-line.js'
import type { LogFile } from './open-log.js'
import type { ReadOptions } from './read-log.js'
import { beginLog } from './read-log.js'
import { splitLines } from './split-lines.js'

/**
 * Files in the order of their first requests, as `access.log.2.gz` comes before `access.log.1` and that before
 * `access.log`; what can be read only once, and what has no request, first. Throws as `readLog` does.
 */
export async function inOrderOfTime(files: readonly LogFile[], options: ReadOptions): Promise<readonly LogFile[]> {
  if (files.length < 2) return files
  const begun: { file: LogFile; at: Micros }[] = []
  for (const file of files)
    begun.push({ file, at: (file.size === undefined ? undefined : await firstMoment(file, options)) ?? -1 })
  return begun.sort((a, b) => a.at - b.at).map(({ file }) => file)
}

async function firstMoment(file: LogFile, options: ReadOptions): Promise<Micros | undefined> {
  const { chunks, held, format } = await beginLog(file, options, () => undefined)
  await chunks.return(undefined)
  return format && firstIn(held, format)
}

function firstIn(chunks: readonly Uint8Array[], format: LogFormat): Micros | undefined {
  const into = emptyLine()
  let first: Micros | undefined
  const splitter = splitLines({
    line(line, start, end) {
      if (first === undefined && format.parse(line, start, end, into) === undefined) first = into.at
    },
    tooLong: () => undefined,
  })
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return first
}
