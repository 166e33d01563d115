import type { LineBytes } from './text.js'
import { lineBytes } from './text.js'

/** The longest line that is read, in bytes; what is longer is no request. */
export const LONGEST_LINE = 1024 * 1024

const LINE_FEED = 10
const RETURN = 13

/** Who is told of each line: where it stands in the bytes, without its line feed. Longer ones come without a place. */
export interface LineReader {
  line(line: LineBytes, start: number, end: number): void
  /** A line of so many bytes, which were not kept. */
  tooLong(bytes: number): void
}

/** Cuts chunks into lines. */
export interface LineSplitter {
  push(chunk: Uint8Array): void
  /** The last line, where no line feed ends it. */
  end(): void
}

/** Cuts lines out of one piece of memory, which all chunks are copied to: whatever their size, it stays as large. */
export function splitLines(reader: LineReader): LineSplitter {
  const buffer = lineBytes(Buffer.allocUnsafe(2 * LONGEST_LINE))
  const { bytes } = buffer
  /** Of a line that has begun. */
  let filled = 0
  /** Bytes of a line that is too long. */
  let dropped = 0

  const emit = (start: number, end: number): void => {
    if (dropped > 0) {
      reader.tooLong(dropped + end - start)
      dropped = 0
      return
    }
    const last = end > start && bytes[end - 1] === RETURN ? end - 1 : end
    if (last - start > LONGEST_LINE) reader.tooLong(last - start)
    else if (last > start) reader.line(buffer, start, last)
  }

  const pushPart = (part: Uint8Array): void => {
    bytes.set(part, filled)
    const end = filled + part.length
    const view = bytes.subarray(0, end)
    let start = 0
    for (let feed = view.indexOf(LINE_FEED, filled); feed !== -1; feed = view.indexOf(LINE_FEED, start)) {
      emit(start, feed)
      start = feed + 1
    }
    filled = end - start
    if (filled > LONGEST_LINE || dropped > 0) {
      dropped += filled
      filled = 0
    } else bytes.copyWithin(0, start, end)
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; at += LONGEST_LINE) pushPart(chunk.subarray(at, at + LONGEST_LINE))
    },
    end() {
      if (filled + dropped > 0) emit(0, filled)
      filled = 0
    },
  }
}
