import { rawFields } from './answer-head.js'

/** How far a body in chunks (RFC 9112, 7.1) has been read. */
export interface ChunkedBody {
  phase: 'size' | 'data' | 'data-end' | 'trailers' | 'whole' | 'malformed'
  /** Bytes of this chunk that have not come. */
  left: number
  /** The beginning of a line whose end has not come. */
  line: string
  /** Whole lines behind the last chunk. */
  readonly trailers: string[]
  /** Characters in them. */
  trailerSize: number
}

/** A size, and extensions that nobody needs. */
const SIZE = /^([0-9a-f]{1,12})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/i
const TRAILER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/

/** Most characters in one line, and in all trailers. */
const LONGEST = 16_384
const LINE_FEED = 0x0a

/** A body of which nothing has come. */
export function chunkedBody(): ChunkedBody {
  return { phase: 'size', left: 0, line: '', trailers: [], trailerSize: 0 }
}

/** Reads on, calls `onData` with what is in the chunks, and gives how many of the bytes belong to the body. */
export function readChunked(body: ChunkedBody, bytes: Buffer, onData: (data: Buffer) => void): number {
  let at = 0
  while (at < bytes.length && body.phase !== 'whole' && body.phase !== 'malformed') {
    at = body.phase === 'data' ? readData(body, bytes, at, onData) : readLine(body, bytes, at)
  }
  return at
}

/** The trailers of a whole body, names and values in turn. */
export function trailersOf(body: ChunkedBody): string[] {
  return rawFields(body.trailers)
}

function readData(body: ChunkedBody, bytes: Buffer, at: number, onData: (data: Buffer) => void): number {
  const end = Math.min(bytes.length, at + body.left)
  body.left -= end - at
  if (body.left === 0) body.phase = 'data-end'
  onData(bytes.subarray(at, end))
  return end
}

function readLine(body: ChunkedBody, bytes: Buffer, at: number): number {
  const feed = bytes.indexOf(LINE_FEED, at)
  const end = feed === -1 ? bytes.length : feed + 1
  body.line += bytes.toString('latin1', at, end)
  if (body.line.length > LONGEST) {
    body.phase = 'malformed'
  } else if (feed !== -1) {
    const line = body.line
    body.line = ''
    body.phase = line.endsWith('\r\n') ? phaseAfter(body, line.slice(0, -2)) : 'malformed'
  }
  return end
}

function phaseAfter(body: ChunkedBody, line: string): ChunkedBody['phase'] {
  if (body.phase === 'data-end') return line === '' ? 'size' : 'malformed'
  if (body.phase === 'trailers') return line === '' ? 'whole' : phaseAfterTrailer(body, line)

  const [, size] = SIZE.exec(line) ?? []
  if (size === undefined) return 'malformed'
  body.left = Number.parseInt(size, 16)
  return body.left === 0 ? 'trailers' : 'data'
}

function phaseAfterTrailer(body: ChunkedBody, line: string): ChunkedBody['phase'] {
  body.trailerSize += line.length
  if (!TRAILER.test(line) || body.trailerSize > LONGEST) return 'malformed'
  body.trailers.push(line)
  return 'trailers'
}
