import type { LogFile } from '../logs/open-log.js'
import { progressOf } from '../replay/progress.js'
import { readLogs } from '../replay/run.js'
import type { ReadLog } from '../suggest/parts.js'
import { printSummary } from '../suggest/print.js'
import { suggest as suggestFor } from '../suggest/suggest.js'
import type { Suggestion } from '../suggest/suggestion.js'
import type { Terminal } from '../terminal/terminal.js'
import { askingIn, logFiles, printLogFault, readingOf } from './log-files.js'
import type { LogCall } from './log-options.js'
import { expectNotRead, expectWritablePolicy, writeNewFile } from './new-file.js'
import { spooled } from './spool.js'

/** How `suggest` is called. */
export interface SuggestOptions extends LogCall {
  /** The share of legitimate clients that may be refused, */
  readonly refuse: number
  /** and the share of the requests that the limits are tried on, not fitted to. */
  readonly holdOut: number
  /** Where the policy is written. Absent: on standard output. */
  readonly output?: string
  /** Whether a file that is there is replaced. */
  readonly force?: boolean
  /** Whether the answer is one JSON object on standard output. */
  readonly json?: boolean
}

/** Suggests a policy for access logs. Gives the exit code: 0, or 1 where it could not. */
export async function suggest(logs: readonly string[], options: SuggestOptions, terminal: Terminal): Promise<0 | 1> {
  try {
    const { output, force = false, json = false, groups } = options
    if (output !== undefined) await expectWritablePolicy(output, force)
    const files = await logFiles(logs)
    if (output !== undefined) {
      await expectNotRead(output, [...files.map(({ path }) => path), ...(groups === undefined ? [] : [groups])])
    }
    const suggestion = await suggestionFor(files, options, terminal)
    if (output !== undefined) await writeNewFile(output, suggestion.yaml, force)
    if (json) terminal.out(JSON.stringify(suggestion))
    else if (output === undefined) terminal.out(suggestion.yaml.trimEnd())
    printSummary(suggestion, callOf(logs, options), output, terminal)
    return 0
  } catch (error) {
    return printLogFault(error, terminal)
  }
}

/** The words of a call of `replay` that reads the same log, and asks the same of it. */
function callOf(
  logs: readonly string[],
  { format, fields = {}, utcOffset, user, groups }: SuggestOptions,
): readonly string[] {
  const named = Object.entries(fields).map(([field, name]) => `${field}=${name}`)
  return [
    ...logs,
    ...(format === undefined ? [] : ['--format', format]),
    ...(named.length === 0 ? [] : ['--fields', named.join(',')]),
    ...(utcOffset === 0 ? [] : ['--utc-offset', spellOffset(utcOffset)]),
    ...(user === undefined ? [] : ['--user', 'name' in user ? `${user.by}:${user.name}` : user.by]),
    ...(groups === undefined ? [] : ['--groups', groups]),
  ]
}

function spellOffset(seconds: number): string {
  const minutes = Math.abs(seconds) / 60
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return `${seconds < 0 ? '-' : '+'}${hour}:${minute}`
}

async function suggestionFor(
  files: readonly LogFile[],
  options: SuggestOptions,
  terminal: Terminal,
): Promise<Suggestion> {
  const { refuse, holdOut } = options
  const asking = await askingIn(options)
  const spool = await spooled(files, process.stdin)
  try {
    return await suggestFor(passesOver(spool.files, options, terminal), asking, { refuse, holdOut })
  } finally {
    await spool.remove()
  }
}

/** Reads the files as often as it is asked to, each time with a progress bar; which format they have is said once. */
function passesOver(files: readonly LogFile[], call: LogCall, terminal: Terminal): ReadLog {
  const reading = readingOf(call)
  let passes = 0
  return async (take) => {
    const progress = progressOf(files, terminal)
    const watcher = passes++ === 0 ? progress : { ...progress, recognised: () => undefined }
    try {
      return await readLogs(files, reading, watcher, take)
    } finally {
      progress.stop()
    }
  }
}
