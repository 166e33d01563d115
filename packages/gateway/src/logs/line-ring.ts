import type { Micros } from 'spillway'
import type { LogLine } from './log-line.js'
import { emptyLine } from './log-line.js'
import type { Text } from './text.js'

/** Lines one after the other, first in, first out. */
export interface LineRing {
  size(): number
  isFull(): boolean
  /** Adds a copy of a line. */
  push(line: LogLine): void
  /** Copies the first line, and drops it. */
  shift(into: LogLine): void
  /** The times of the first and of the last line; of an empty ring they mean nothing. */
  firstAt(): Micros
  lastAt(): Micros
}

/** Each field of the lines in an array of its own. */
interface Columns {
  readonly at: Float64Array
  readonly status: Int32Array
  readonly address: Text[]
  readonly method: Text[]
  readonly target: Text[]
  readonly user: LogLine['user'][]
  readonly userAgent: LogLine['userAgent'][]
  readonly fields: LogLine['fields'][]
}

/**
 * A ring of `places`, a power of two, in columns: they are read and written in order, which the processor foresees. A
 * line object for each would be cold by the time its line is due.
 */
export function lineRing(places: number): LineRing {
  const nothing = emptyLine()
  const columns = columnsOf(places, nothing)
  const { at } = columns
  const mask = places - 1
  let [head, size] = [0, 0]

  return {
    size: () => size,
    isFull: () => size === places,
    push(line) {
      write(columns, (head + size++) & mask, line)
    },
    shift(into) {
      read(columns, head, into)
      // Lets go of texts that no table keeps, which may be large.
      write(columns, head, nothing)
      head = (head + 1) & mask
      size--
    },
    firstAt: () => at[head] as number,
    lastAt: () => at[(head + size - 1) & mask] as number,
  }
}

function columnsOf(places: number, nothing: LogLine): Columns {
  return {
    at: new Float64Array(places),
    status: new Int32Array(places),
    address: new Array<Text>(places).fill(nothing.address),
    method: new Array<Text>(places).fill(nothing.method),
    target: new Array<Text>(places).fill(nothing.target),
    user: new Array<LogLine['user']>(places).fill(nothing.user),
    userAgent: new Array<LogLine['userAgent']>(places).fill(nothing.userAgent),
    fields: new Array<LogLine['fields']>(places).fill(nothing.fields),
  }
}

function write(columns: Columns, place: number, line: LogLine): void {
  columns.at[place] = line.at
  columns.status[place] = line.status
  columns.address[place] = line.address
  columns.method[place] = line.method
  columns.target[place] = line.target
  columns.user[place] = line.user
  columns.userAgent[place] = line.userAgent
  columns.fields[place] = line.fields
}

function read(columns: Columns, place: number, into: LogLine): void {
  into.at = columns.at[place] as number
  into.status = columns.status[place] as number
  into.address = columns.address[place] as Text
  into.method = columns.method[place] as Text
  into.target = columns.target[place] as Text
  into.user = columns.user[place]
  into.userAgent = columns.userAgent[place]
  into.fields = columns.fields[place]
}
