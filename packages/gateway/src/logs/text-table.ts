import type { LineBytes, Text } from './text.js'
import { lineBytes, textOf } from './text.js'

/** Finds the text of some bytes, without a new string where they have come before. */
export interface TextTable {
  /** Of the bytes from `start` up to `end`. */
  of(line: LineBytes, start: number, end: number): Text
  /** Of bytes by themselves. */
  ofBytes(bytes: Buffer): Text
  /** Of text that is at hand already. */
  ofString(text: string): Text
}

/** A row: the text's length, and the text itself where it is short, else its place in the arena. */
const ROW = 8
const BODY = 1
const SHORT = 4 * (ROW - BODY)
/** Bytes of longer text for each row. */
const BYTES_A_ROW = 64
/** A longer text is made anew each time: nobody may fill the table with a few lines. */
const LONGEST = 1024
/** Nor may anybody make the search long: a text that finds no room so near is made anew each time too. */
const MOST_STEPS = 64

interface State {
  readonly encoding: 'utf8' | 'latin1'
  /**
   * By the low bits of a text's hash: in the low bits the number of its row, from 1, in the others those of the hash.
   * 0: empty.
   */
  readonly index: Int32Array
  /** The low bits. */
  readonly mask: number
  /**
   * In the order in which texts came: what comes often comes early, and so lies close together, in the processor's
   * caches; and memory is taken only for those that are there.
   */
  readonly rows: Int32Array
  readonly texts: Text[]
  readonly arena: LineBytes
  /** Bytes of the arena. */
  used: number
}

/**
 * A table of texts by their bytes, in bounded memory (`places`, a power of two, of which half are used at most): full,
 * it is emptied at once, and texts that are still held live on.
 */
export function textTable(places: number, encoding: 'utf8' | 'latin1' = 'utf8'): TextTable {
  const most = places / 2
  const state: State = {
    encoding,
    index: new Int32Array(places),
    mask: places - 1,
    rows: new Int32Array(most * ROW),
    texts: [],
    arena: lineBytes(Buffer.allocUnsafeSlow(most * BYTES_A_ROW)),
    used: 0,
  }
  return {
    of: (line, start, end) => find(state, line, start, end),
    ofBytes: (bytes) => find(state, lineBytes(bytes), 0, bytes.length),
    ofString(text) {
      const bytes = Buffer.from(text)
      return find(state, lineBytes(bytes), 0, bytes.length)
    },
  }
}

function find(state: State, line: LineBytes, start: number, end: number): Text {
  if (end - start > LONGEST) return makeText(state, line, start, end)
  const { index, mask } = state
  const hash = hashOf(line.view, start, end)
  for (let step = 0; step < MOST_STEPS; step++) {
    const place = (hash + step) & mask
    const kept = index[place] as number
    if (kept === 0) return keep(state, place, hash, line, start, end)
    if (((kept ^ hash) & ~mask) !== 0) continue
    const nth = (kept & mask) - 1
    if (isKept(state, nth * ROW, line, start, end)) return state.texts[nth] as Text
  }
  return makeText(state, line, start, end)
}

function keep(state: State, place: number, hash: number, line: LineBytes, start: number, end: number): Text {
  const { index, mask, rows, texts, arena } = state
  const text = makeText(state, line, start, end)
  const length = end - start
  const row = texts.length * ROW
  if (row === rows.length || state.used + length > arena.bytes.length) {
    empty(state)
    return text
  }
  rows[row] = length
  if (length <= SHORT) writeWords(rows, row + BODY, line, start, end)
  else {
    line.bytes.copy(arena.bytes, state.used, start, end)
    rows[row + BODY] = state.used
    state.used += length
  }
  index[place] = (hash & ~mask) | texts.push(text)
  return text
}

function empty(state: State): void {
  state.index.fill(0)
  state.texts.length = 0
  state.used = 0
}

function isKept({ rows, arena }: State, row: number, line: LineBytes, start: number, end: number): boolean {
  const length = end - start
  if (rows[row] !== length) return false
  return length <= SHORT
    ? sameWords(rows, row + BODY, line, start, end)
    : alike(arena.view, rows[row + BODY] as number, line.view, start, end)
}

function makeText({ encoding }: State, { bytes }: LineBytes, start: number, end: number): Text {
  return textOf(bytes.toString(encoding, start, end))
}

/** A seed of this process, so that no log is made for the collisions of its texts. */
const SEED = (Math.random() * 2 ** 32) | 0
const PRIME = 0x01000193
const OTHER_PRIME = 0x45d9f3b

/** FNV-1a over words of four bytes, in two lanes, which the processor works on at the same time. */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = SEED ^ (end - start)
  let other = SEED
  let at = start
  for (; at + 8 <= end; at += 8) {
    hash = Math.imul(hash ^ view.getInt32(at, true), PRIME)
    hash ^= hash >>> 15
    other = Math.imul(other ^ view.getInt32(at + 4, true), OTHER_PRIME)
    other ^= other >>> 13
  }
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), PRIME)
  hash = Math.imul(hash ^ (hash >>> 16) ^ other, OTHER_PRIME)
  return hash ^ (hash >>> 16)
}

function writeWords(rows: Int32Array, at: number, { view }: LineBytes, start: number, end: number): void {
  for (let from = start, to = at; from < end; from += 4, to++) rows[to] = wordAt(view, from, end)
}

function sameWords(rows: Int32Array, at: number, { view }: LineBytes, start: number, end: number): boolean {
  for (let from = start, to = at; from < end; from += 4, to++) if (rows[to] !== wordAt(view, from, end)) return false
  return true
}

/** Four bytes, or those that there are before the end. */
function wordAt(view: DataView, at: number, end: number): number {
  if (at + 4 <= end) return view.getInt32(at, true)
  let word = 0
  for (let byte = end - 1; byte >= at; byte--) word = (word << 8) | view.getUint8(byte)
  return word
}

function alike(a: DataView, from: number, b: DataView, start: number, end: number): boolean {
  const ahead = from - start
  let at = start
  for (; at + 4 <= end; at += 4) if (a.getInt32(at + ahead, true) !== b.getInt32(at, true)) return false
  for (; at < end; at++) if (a.getUint8(at + ahead) !== b.getUint8(at)) return false
  return true
}
