import type { LineBytes, Text } from './text.js'
import { lineBytes, textOf } from './text.js'

/** Finds the text of some bytes, without a new string where they have come before. */
export interface TextTable {
  /** Of the bytes from `start` up to `end`. */
  of(line: LineBytes, start: number, end: number): Text
  /** Of text that is at hand already. */
  ofString(text: string): Text
}

/** A row of the table: hash, length and one more, or 0 while it is empty, and the text itself where it is short, else its place in the arena. */
const ROW = 8
const LENGTH = 1
const BODY = 2
/** A text of so many bytes lies in its row: one look-up in memory that has gone cold, instead of two. */
const SHORT = 4 * (ROW - BODY)
/** Bytes of longer text for each place. */
const BYTES_A_PLACE = 32
/** A longer text is made anew each time: nobody may fill the table with a few lines. */
const LONGEST = 1024
/** Nor may anybody make the search long: a text that finds no room so near is made anew each time too. */
const MOST_STEPS = 64

interface State {
  readonly places: number
  readonly rows: Int32Array
  readonly arena: LineBytes
  readonly texts: (Text | undefined)[]
  count: number
  /** Bytes of the arena. */
  used: number
}

/**
 * A table of texts by their bytes, in bounded memory (`places`, a power of two, of which half are used at most): full, it is emptied at once, and texts that are still held live on.
 */
export function textTable(places: number): TextTable {
  const state: State = {
    places,
    rows: new Int32Array(places * ROW),
    arena: lineBytes(Buffer.allocUnsafeSlow(places * BYTES_A_PLACE)),
    texts: new Array<Text | undefined>(places).fill(undefined),
    count: 0,
    used: 0,
  }
  return {
    of: (line, start, end) => find(state, line, start, end),
    ofString(text) {
      const bytes = lineBytes(Buffer.from(text))
      return find(state, bytes, 0, bytes.bytes.length)
    },
  }
}

function find(state: State, line: LineBytes, start: number, end: number): Text {
  const { places, rows } = state
  const length = end - start
  if (length > LONGEST) return makeText(line, start, end)
  const hash = hashOf(line.view, start, end)
  const first = hash ^ (hash >>> 15)
  for (let step = 0; step < MOST_STEPS; step++) {
    const place = (first + step) & (places - 1)
    const kept = rows[place * ROW + LENGTH] as number
    if (kept === 0) return keep(state, place, hash, line, start, end)
    if (rows[place * ROW] !== hash || kept !== length + 1) continue
    if (isKept(state, place * ROW + BODY, line, start, end)) return state.texts[place] as Text
  }
  return makeText(line, start, end)
}

function keep(state: State, place: number, hash: number, line: LineBytes, start: number, end: number): Text {
  const { places, rows, arena, texts } = state
  const text = makeText(line, start, end)
  if (state.count >= places / 2 || state.used + (end - start) > arena.bytes.length) {
    texts.fill(undefined)
    rows.fill(0)
    state.count = 0
    state.used = 0
    return text
  }
  const row = place * ROW
  rows[row] = hash
  rows[row + LENGTH] = end - start + 1
  if (end - start <= SHORT) writeWords(rows, row + BODY, line, start, end)
  else {
    line.bytes.copy(arena.bytes, state.used, start, end)
    rows[row + BODY] = state.used
    state.used += end - start
  }
  texts[place] = text
  state.count++
  return text
}

function isKept({ rows, arena }: State, body: number, line: LineBytes, start: number, end: number): boolean {
  return end - start <= SHORT
    ? sameWords(rows, body, line, start, end)
    : alike(arena.view, rows[body] as number, line.view, start, end)
}

function makeText({ bytes }: LineBytes, start: number, end: number): Text {
  return textOf(bytes.toString('utf8', start, end))
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
