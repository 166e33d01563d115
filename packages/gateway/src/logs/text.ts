/** A piece of a log that comes again and again: an address, a target, a user agent. One object for all its lines. */
export interface Text {
  readonly text: string
  /**
   * What readers of the log have found out about it: see `markOf`. The first one's stands in the text itself, as that
   * spares two look-ups in memory that has gone cold.
   */
  reader: number
  mark: object | undefined
  more: (object | undefined)[] | undefined
}

let readers = 0

/** A number of its own for whoever keeps marks. */
export function readerNumber(): number {
  return readers++
}

/** A text without a mark. */
export function textOf(text: string): Text {
  return { text, reader: -1, mark: undefined, more: undefined }
}

/** What a reader has found out about a text; so that nothing is looked up twice. */
export function markOf(text: Text, reader: number): object | undefined {
  return text.reader === reader ? text.mark : text.more?.[reader]
}

/** Keeps what a reader has found out about a text. */
export function setMark(text: Text, reader: number, mark: object): void {
  if (text.reader === -1) text.reader = reader
  if (text.reader === reader) text.mark = mark
  else {
    text.more ??= []
    text.more[reader] = mark
  }
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
