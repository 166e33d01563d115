/** A piece of a log that comes again and again: an address, a target, a user agent. One object for all its lines. */
export interface Text {
  readonly text: string
  /** What each reader of the log has found out about it, by the reader's number; so that nothing is looked up twice. */
  readonly marks: (object | undefined)[]
}

let readers = 0

/** A number of its own for whoever keeps marks. */
export function readerNumber(): number {
  return readers++
}

/** Bytes of lines, in two views. The memory stays in its place for as long as a log is read. */
export interface LineBytes {
  readonly bytes: Buffer
  readonly view: DataView
}

/** Makes the two views of some memory. */
export function lineBytes(bytes: Buffer): LineBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}

/** Finds the text of some bytes, without a new string where they have come before. */
export interface TextTable {
  /** Of the bytes from `start` up to `end`. */
  of(line: LineBytes, start: number, end: number): Text
  /** Of text that is at hand already. */
  ofString(text: string): Text
}

/** Bytes of text for each place. */
const BYTES_A_PLACE = 64
/** A longer text is made anew each time: nobody may fill the table with a few lines. */
const LONGEST = 1024

/**
 * A table of texts by their bytes, in bounded memory (`places`, a power of two, of which half are used at most): full, it is emptied at once, and texts that are still held live on.
 */
export function textTable(places: number): TextTable {
  const hashes = new Int32Array(places)
  const starts = new Int32Array(places)
  const lengths = new Int32Array(places)
  const arena = lineBytes(Buffer.allocUnsafeSlow(places * BYTES_A_PLACE))
  let texts = new Array<Text | undefined>(places).fill(undefined)
  let count = 0
  let used = 0

  const keep = (place: number, hash: number, line: LineBytes, start: number, end: number): Text => {
    const text = makeText(line.bytes, start, end)
    if (count >= places / 2 || used + (end - start) > arena.bytes.length) {
      texts = new Array<Text | undefined>(places).fill(undefined)
      count = 0
      used = 0
      return text
    }
    line.bytes.copy(arena.bytes, used, start, end)
    hashes[place] = hash
    starts[place] = used
    lengths[place] = end - start
    texts[place] = text
    used += end - start
    count++
    return text
  }

  const find = (line: LineBytes, start: number, end: number): Text => {
    if (end - start > LONGEST) return makeText(line.bytes, start, end)
    const hash = hashOf(line.view, start, end)
    for (let place = (hash ^ (hash >>> 15)) & (places - 1); ; place = (place + 1) & (places - 1)) {
      const known = texts[place]
      if (known === undefined) return keep(place, hash, line, start, end)
      const same = hashes[place] === hash && lengths[place] === end - start
      if (same && alike(arena.view, starts[place] as number, line.view, start, end)) return known
    }
  }

  return {
    of: find,
    ofString(text) {
      const bytes = lineBytes(Buffer.from(text))
      return find(bytes, 0, bytes.bytes.length)
    },
  }
}

function makeText(bytes: Buffer, start: number, end: number): Text {
  return { text: bytes.toString('utf8', start, end), marks: [] }
}

/** FNV-1a over words of four bytes, with a seed of this process, so that no log is made for its collisions. */
const SEED = (Math.random() * 2 ** 32) | 0

function hashOf(view: DataView, start: number, end: number): number {
  let hash = SEED ^ (end - start)
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x01000193)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return hash ^ (hash >>> 16)
}

function alike(a: DataView, from: number, b: DataView, start: number, end: number): boolean {
  const ahead = from - start
  let at = start
  for (; at + 4 <= end; at += 4) if (a.getInt32(at + ahead, true) !== b.getInt32(at, true)) return false
  for (; at < end; at++) if (a.getUint8(at + ahead) !== b.getUint8(at)) return false
  return true
}
