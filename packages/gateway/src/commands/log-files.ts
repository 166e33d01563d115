import { glob } from 'tinyglobby'
import { LogError } from '../logs/log-error.js'
import type { LogFile } from '../logs/open-log.js'
import { logFile } from '../logs/open-log.js'
import { readGroups } from '../replay/groups.js'
import type { LogOptions } from '../replay/run.js'
import type { Asking } from '../replay/who.js'
import { plainText } from '../spelling/plain-text.js'
import type { Terminal } from '../terminal/terminal.js'
import { identityOf } from './file-identity.js'
import { printFaults } from './findings.js'
import type { LogCall } from './log-options.js'
import { NotWrittenError } from './new-file.js'

/**
 * The files that the arguments name: a file by that name, else those that the pattern finds, in order of their names; each
 * once, however often and by whatever names. Throws a `LogError` for one that cannot be opened.
 */
export async function logFiles(logs: readonly string[]): Promise<LogFile[]> {
  const lists = await Promise.all(logs.map(filesOf))
  const files = new Map<string, LogFile>()
  for (const file of lists.flat()) {
    const identity = file.path === '-' ? '-' : ((await identityOf(file.path)) ?? file.path)
    if (!files.has(identity)) files.set(identity, file)
  }
  return [...files.values()]
}

async function filesOf(log: string): Promise<LogFile[]> {
  try {
    return [await logFile(log)]
  } catch (error) {
    const found = /[*?[{]/.test(log) ? await glob(log, { absolute: true, expandDirectories: false }) : []
    if (found.length > 0) return Promise.all(found.sort().map(logFile))
    throw error
  }
}

/** How the logs of a call are read. */
export function readingOf({ format, fields = {}, utcOffset }: LogCall): LogOptions {
  return { utcOffset, fields, stdin: process.stdin, ...(format && { format }) }
}

/** Who asks in the logs of a call. Throws a `LogError` where its file of groups cannot be read. */
export async function askingIn({ user, groups }: LogCall): Promise<Asking> {
  return { groups: groups === undefined ? new Map() : await readGroups(groups), ...(user && { user }) }
}

/**
 * Prints why a log, or a policy file, cannot be read, or a file not be written. Gives the exit code; any other error is
 * thrown again.
 */
export function printLogFault(error: unknown, terminal: Terminal): 1 {
  if (error instanceof LogError || error instanceof NotWrittenError || (error instanceof Error && 'code' in error)) {
    terminal.err(`spillway: ${plainText(error.message, 500)}`)
    return 1
  }
  return printFaults(error, terminal)
}
