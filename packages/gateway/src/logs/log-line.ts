import type { Micros } from 'spillway'
import type { LineBytes, Text } from './text.js'
import { textOf } from './text.js'
import type { TextTable } from './text-table.js'
import { textTable } from './text-table.js'

/** One request as a log tells of it. The object is used again for a later line. */
export interface LogLine {
  /** Since the Unix epoch. */
  at: Micros
  /** Where it came from, as the log has it: an address, perhaps a host's name. */
  address: Text
  /** Absent where nobody had logged in. */
  user: Text | undefined
  method: Text
  /** As on the request line, each byte a character. */
  target: Text
  /** Three digits; 0 where the log does not say. */
  status: number
  userAgent: Text | undefined
  /** Header fields and others that the log has, by name in lower case. Absent where it has none besides those above. */
  fields: ReadonlyMap<string, string> | undefined
}

/** The texts of a log, by what they are. */
export interface LogTexts {
  readonly addresses: TextTable
  readonly targets: TextTable
  readonly agents: TextTable
  /** Methods, users. */
  readonly names: TextTable
}

/** How lines of one kind are read. */
export interface LogFormat {
  readonly name: string
  /**
   * Reads the line between two places, without its line feed. Gives the reason where it is none of these lines, and what
   * stands in `into` then means nothing. Absent: it was read.
   */
  parse(line: LineBytes, start: number, end: number, into: LogLine): string | undefined
}

/** The reason why a line that says something of the log itself is no request; it is not counted as a fault. */
export const COMMENT = 'it is a comment'

const MANY = 1 << 18
const SOME = 1 << 16
const FEW = 1 << 12

/** Tables for the texts of one log. */
export function logTexts(): LogTexts {
  return {
    addresses: textTable(MANY),
    targets: textTable(MANY, 'latin1'),
    agents: textTable(SOME),
    names: textTable(FEW),
  }
}

const NOTHING = textOf('')

/** A line that says nothing yet. */
export function emptyLine(): LogLine {
  return {
    at: 0,
    address: NOTHING,
    user: undefined,
    method: NOTHING,
    target: NOTHING,
    status: 0,
    userAgent: undefined,
    fields: undefined,
  }
}
