import { glob } from 'tinyglobby'
import type { FormatName } from '../logs/formats/names.js'
import type { LogFile } from '../logs/open-log.js'
import { logFile } from '../logs/open-log.js'
import { LogError } from '../logs/read-log.js'
import { loadPolicyFile } from '../policy-file/load-policy-file.js'
import { resultOf } from '../replay/build-result.js'
import { plainText } from '../replay/plain-text.js'
import { printFindings, printResult } from '../replay/print.js'
import type { Watcher } from '../replay/run.js'
import { runReplays } from '../replay/run.js'
import { printFaults } from './findings.js'
import type { Terminal } from './terminal.js'

/** How `replay` is called. */
export interface ReplayOptions {
  readonly policy: string
  readonly format?: FormatName
  /** Seconds from UTC of times that do not say it themselves. */
  readonly utcOffset: number
  /** How many names each list shows. */
  readonly top: number
  /** Whether the answer is one JSON object on standard output. */
  readonly json?: boolean
}

/** Shows what a policy would have done to the requests of access logs. Gives the exit code: 0, or 1 where it could not. */
export async function replay(
  logs: readonly string[],
  options: ReplayOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<0 | 1> {
  try {
    const { policy } = await loadPolicyFile(options.policy, env)
    const files = await logFiles(logs)
    const settings = {
      fields: {},
      utcOffset: options.utcOffset,
      stdin: process.stdin,
      ...(options.format && { format: options.format }),
    }
    const { replays, findings } = await runReplays(files, [policy], { groups: new Map() }, settings, watcher(terminal))
    const [first] = replays
    if (first === undefined) return 1
    const result = resultOf(first, options.policy, findings, options.top)
    if (options.json) terminal.out(JSON.stringify(result))
    else {
      printFindings(result, terminal)
      printResult(result, terminal)
    }
    return 0
  } catch (error) {
    return failed(error, terminal)
  }
}

function failed(error: unknown, terminal: Terminal): 1 {
  if (error instanceof LogError || (error instanceof Error && 'code' in error)) {
    terminal.err(`spillway: ${plainText(error.message, 500)}`)
    return 1
  }
  return printFaults(error, terminal)
}

function watcher(terminal: Terminal): Watcher {
  return {
    bytes: () => undefined,
    lines: () => undefined,
    format: (file, name, read, lines) =>
      terminal.err(`${plainText(file)}: ${name}, by ${read} of its first ${lines} lines`),
  }
}

/** The files that the arguments name: a file by that name, else those that the pattern finds, in order of their names. */
async function logFiles(logs: readonly string[]): Promise<LogFile[]> {
  const lists = await Promise.all(logs.map(filesOf))
  return lists.flat()
}

async function filesOf(log: string): Promise<LogFile[]> {
  try {
    return [await logFile(log)]
  } catch (error) {
    const found = /[*?[{]/.test(log) ? await glob(log, { absolute: false, expandDirectories: false }) : []
    if (found.length > 0) return Promise.all(found.sort().map(logFile))
    throw new LogError(`${log}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}
