import type { Micros } from 'spillway'
import type { LogFormat, LogLine, LogTexts } from '../log-line.js'
import { apacheMoment, offsetOf } from '../moment.js'
import type { LineBytes, Text } from '../text.js'

const SPACE = 32
const QUOTE = 34
const DASH = 45
const BACKSLASH = 92

/** The last two offsets differ only where summer time begins or ends. */
interface Offset {
  word: number
  seconds: number | undefined
}

/**
 * Common and Combined, as Apache (`LogFormat combined`) and nginx (`log_format combined`) write them. What stands in a
 * third pair of quotes is taken for X-Forwarded-For, as nginx's `main` has it.
 */
export function combinedFormat(texts: LogTexts): LogFormat {
  const offset: Offset = { word: 0, seconds: 0 }

  return {
    name: 'combined',
    parse(line, start, end, into) {
      const { bytes } = line
      const addressEnd = bytes.indexOf(SPACE, start)
      if (addressEnd <= start || addressEnd >= end) return 'it does not begin with an address'
      const open = openingBracket(bytes, addressEnd, end)
      if (open === -1 || open + 29 > end) return 'it has no time in brackets'
      const at = momentIn(line, open + 1, offset)
      if (at === undefined) return 'its time cannot be read'
      const request = open + 29
      if (bytes[request] !== QUOTE || bytes[request - 1] !== SPACE) return 'it has no request in quotes'

      into.at = at
      into.address = texts.addresses.of(line, start, addressEnd)
      into.user = userOf(line, addressEnd + 1, open - 1, texts)
      const requestEnd = closingQuote(bytes, request + 1, end)
      if (requestEnd === -1) return 'the quotes of its request do not close'
      const fault = readRequest(line, request + 1, requestEnd, into, texts)
      if (fault !== undefined) return fault
      return readRest(line, requestEnd + 1, end, into, texts)
    },
  }
}

/** The bracket before the time: a user's name may hold spaces, and brackets too, so a digit must follow. */
function openingBracket(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from + 1; at < end; at++) {
    if (bytes[at] === 91 && bytes[at + 27] === 93 && bytes[at - 1] === SPACE) return at
  }
  return -1
}

function momentIn({ bytes, view }: LineBytes, at: number, known: Offset): Micros | undefined {
  const word = view.getInt32(at + 22, true)
  if (word !== known.word || bytes[at + 21] !== 43) {
    known.seconds = offsetOf(bytes, at + 21)
    known.word = bytes[at + 21] === 43 ? word : 0
  }
  return known.seconds === undefined ? undefined : apacheMoment(bytes, at, known.seconds)
}

/** The third word; the second one (RFC 1413) is never true. */
function userOf(line: LineBytes, from: number, end: number, { names }: LogTexts): Text | undefined {
  const { bytes } = line
  if (end - from === 3 && bytes[from + 2] === DASH) return undefined
  const space = bytes.indexOf(SPACE, from)
  return space === -1 || space + 1 >= end || isDash(bytes, space + 1, end) ? undefined : names.of(line, space + 1, end)
}

/** Apache writes a quote inside as `\"`, nginx as `\x22`. */
function closingQuote(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) return at
    if (byte === BACKSLASH) at++
  }
  return -1
}

function readRequest(line: LineBytes, start: number, end: number, into: LogLine, texts: LogTexts): string | undefined {
  const { bytes } = line
  const method = spaceBefore(bytes, start, end)
  if (method === start || method === end) return 'its request line is not METHOD TARGET VERSION'
  const target = spaceBefore(bytes, method + 1, end)
  if (target === method + 1) return 'its request line has no target'
  into.method = texts.names.of(line, start, method)
  into.target = texts.targets.of(line, method + 1, target)
  return undefined
}

function spaceBefore(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] !== SPACE) at++
  return at
}

/** ` 200 1234 "referer" "user agent"` */
function readRest(line: LineBytes, from: number, end: number, into: LogLine, texts: LogTexts): string | undefined {
  const { bytes } = line
  const status = statusAt(bytes, from + 1)
  if (bytes[from] !== SPACE || status === 0 || from + 4 > end) return 'it has no status of three digits'
  into.status = status
  into.userAgent = undefined
  into.fields = undefined

  const size = spaceBefore(bytes, from + 5, end)
  if (size >= end) return undefined
  if (bytes[size + 1] !== QUOTE) return 'what follows its size is not in quotes'
  const referer = closingQuote(bytes, size + 2, end)
  if (referer === -1 || bytes[referer + 2] !== QUOTE || referer + 2 >= end)
    return 'its referer or user agent is cut short'
  const agent = closingQuote(bytes, referer + 3, end)
  if (agent === -1) return 'its user agent is cut short'
  if (!isDash(bytes, referer + 3, agent)) into.userAgent = texts.agents.of(line, referer + 3, agent)
  if (bytes[agent + 2] === QUOTE && agent + 2 < end) into.fields = forwardedFor(bytes, agent + 3, end)
  return undefined
}

function statusAt(bytes: Uint8Array, at: number): number {
  const [a, b, c] = [(bytes[at] as number) ^ 48, (bytes[at + 1] as number) ^ 48, (bytes[at + 2] as number) ^ 48]
  return a > 9 || b > 9 || c > 9 ? 0 : a * 100 + b * 10 + c
}

function isDash(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 1 && bytes[start] === DASH
}

function forwardedFor(bytes: Buffer, start: number, end: number): ReadonlyMap<string, string> | undefined {
  const close = closingQuote(bytes, start, end)
  if (close === -1 || isDash(bytes, start, close)) return undefined
  return new Map([['x-forwarded-for', bytes.toString('utf8', start, close)]])
}
