/** A piece of a log that comes again and again: an address, a target, a user agent. One object for all its lines. */
export interface Text {
  readonly text: string
  /**
   * What readers of the log have found out about it: see `markOf`. That of the first marker stands in the text itself,
   * as that spares two look-ups in memory that has gone cold. -1: there is none yet.
   */
  marker: number
  mark: object | undefined
  more: (object | undefined)[] | undefined
}

/** Who keeps marks on texts, all of one type: the number under which they stand. */
export type Marker<Mark extends object> = number & { readonly mark?: Mark }

let markers = 0

/** A marker of its own for whoever keeps marks. */
export function newMarker<Mark extends object>(): Marker<Mark> {
  return markers++
}

/** A text without a mark. */
export function textOf(text: string): Text {
  return { text, marker: -1, mark: undefined, more: undefined }
}

/** What a reader has found out about a text; so that nothing is looked up twice. */
export function markOf<Mark extends object>(text: Text, marker: Marker<Mark>): Mark | undefined {
  // Nobody else has the marker's number: what stands under it was set as a `Mark`.
  return (text.marker === marker ? text.mark : text.more?.[marker]) as Mark | undefined
}

/** Keeps what a reader has found out about a text. */
export function setMark<Mark extends object>(text: Text, marker: Marker<Mark>, mark: Mark): void {
  if (text.marker === -1) text.marker = marker
  if (text.marker === marker) text.mark = mark
  else {
    text.more ??= []
    text.more[marker] = mark
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
