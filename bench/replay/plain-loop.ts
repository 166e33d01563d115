import { closeSync, openSync, readSync } from 'node:fs'

/** Lines that were read, and something that depends on each. */
export interface Count {
  readonly lines: number
  readonly found: number
}

/**
 * The least that a reader of Combined does: a loop over a buffer that splits lines, and cuts out the address, the time
 * and the request.
 */
export function plainLoop(file: string): Count {
  let found = 0
  const lines = eachLine(file, (buffer, start, end) => {
    const { address, time, request } = cutOut(buffer, start, end)
    found += [address, time, request].join(' ').length
  })
  return { lines, found }
}

const LIMIT = 60
/** Lines in a minute of the log. */
const WINDOW = 30_000

/**
 * The least that anything like a replay does on top: a `Map` each of clients, of paths and of fixed windows. It reads no
 * time and no status, puts nothing in order, knows one limit, and has nothing to report but how many it refused.
 */
export function bareMaps(file: string): Count {
  const clients = new Map<string, { requests: number }>()
  const paths = new Map<string, { requests: number }>()
  const windows = new Map<string, { used: number; endsAt: number }>()
  let [line, refused] = [0, 0]
  const lines = eachLine(file, (buffer, start, end) => {
    const { address, request } = cutOut(buffer, start, end)
    const path = pathOf(request)
    entryOf(clients, address, nobody).requests++
    entryOf(paths, path, nobody).requests++
    // Five rules, by the first letter of the path.
    const window = entryOf(windows, `${path.charCodeAt(1) % 5}${address}`, () => ({ used: 0, endsAt: 0 }))
    if (line >= window.endsAt) {
      window.used = 0
      window.endsAt = line + WINDOW
    }
    line++
    if (++window.used > LIMIT) refused++
  })
  return { lines, found: refused }
}

const nobody = () => ({ requests: 0 })

function entryOf<Value>(table: Map<string, Value>, name: string, make: () => Value): Value {
  const known = table.get(name)
  if (known !== undefined) return known
  const made = make()
  table.set(name, made)
  return made
}

function pathOf(request: string): string {
  const target = request.slice(request.indexOf(' ') + 1, request.lastIndexOf(' '))
  const query = target.indexOf('?')
  return query === -1 ? target : target.slice(0, query)
}

/** Reads the file and gives each line's place in a buffer. Returns how many there were. */
function eachLine(file: string, take: (buffer: Buffer, start: number, end: number) => void): number {
  const buffer = Buffer.allocUnsafe(4 * 1024 * 1024)
  const descriptor = openSync(file, 'r')
  let [lines, filled] = [0, 0]
  while (true) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, null)
    if (count === 0) break
    filled += count
    let start = 0
    for (let at = 0; at < filled; at++) {
      if (buffer[at] !== 10) continue
      take(buffer, start, at)
      lines++
      start = at + 1
    }
    buffer.copyWithin(0, start, filled)
    filled -= start
  }
  closeSync(descriptor)
  return lines
}

function cutOut(buffer: Buffer, start: number, end: number) {
  const address = next(buffer, 32, start, end)
  const open = next(buffer, 91, address, end)
  const close = next(buffer, 93, open, end)
  const quote = next(buffer, 34, close, end)
  const request = next(buffer, 34, quote + 1, end)
  return {
    address: buffer.toString('latin1', start, address),
    time: buffer.toString('latin1', open + 1, close),
    request: buffer.toString('latin1', quote + 1, request),
  }
}

function next(buffer: Buffer, byte: number, from: number, end: number): number {
  let at = from
  while (at < end && buffer[at] !== byte) at++
  return at
}
