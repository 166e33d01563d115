import pc from 'picocolors'
import type { Fault } from '../policy-file/fault.js'
import { about, PolicyFileError } from '../policy-file/fault.js'
import { printable } from '../spelling/printable.js'
import type { Terminal } from '../terminal/terminal.js'

/** A fault, or a warning, that a command reports. */
export interface Finding extends Fault {
  readonly severity: 'error' | 'warning'
}

/** A line that may hold a credential is never shown. */
const PRIVATE = /secret|token|password|groups|key|redis|:\/\/[^/]*@/i

/**
 * Prints `FILE:LINE:COLUMN error PATH: MESSAGE` for each finding, in the order that they have. On a terminal with colours
 * and the line of the file, a caret under the place.
 */
export function printFindings(findings: readonly Finding[], text: string | undefined, terminal: Terminal): void {
  const colours = pc.createColors(terminal.interactive)
  const lines = terminal.interactive ? (text ?? '').split(/\r?\n/) : []
  for (const finding of findings) {
    const { file, line, column, severity } = finding
    const paint = severity === 'error' ? colours.red : colours.yellow
    const place = colours.bold(`${printable(file)}:${line}:${column}`)
    terminal.err(`${place} ${paint(severity)} ${printable(about(finding))}`)
    for (const each of excerpt(lines[line - 1], finding)) terminal.err(colours.dim(each))
  }
}

/** Prints the faults of a policy file that cannot be used. Gives the exit code; any other error is thrown again. */
export function printFaults(error: unknown, terminal: Terminal): 1 {
  if (!(error instanceof PolicyFileError)) throw error
  printFindings(
    error.faults.map((fault) => ({ ...fault, severity: 'error' })),
    error.text,
    terminal,
  )
  return 1
}

/** Says what is wrong with the words of a call. Gives the exit code. */
export function wrongCall(message: string, terminal: Terminal): 2 {
  terminal.err(`error: ${message}`)
  return 2
}

function excerpt(source: string | undefined, { line, column, path }: Finding): string[] {
  if (source === undefined || source.trim() === '' || source.length > 160) return []
  // A policy may be somebody else's, to be looked over: nothing in it moves the cursor.
  if (printable(source.replaceAll('\t', '')) !== source.replaceAll('\t', '')) return []
  if (PRIVATE.test(source) || PRIVATE.test(path)) return []

  const margin = `${line} | `
  const indent = source.slice(0, column - 1).replace(/[^\t]/g, ' ')
  return [`  ${margin}${source}`, `  ${' '.repeat(margin.length - 2)}| ${indent}^`]
}
