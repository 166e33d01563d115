import type { Micros } from 'spillway'
import type { LogFormat, LogLine, LogTexts } from '../log-line.js'
import { apacheMoment, offsetOf, twoDigits } from '../moment.js'
import type { LineBytes, Text } from '../text.js'

const SPACE = 32
const QUOTE = 34
const DASH = 45
const COLON = 58
const OPENING = 91
const BACKSLASH = 92
const CLOSING = 93

/** Bytes of `17/May/2015:10:05:03 +0200`, and the word in which their last four bytes stand. */
const MOMENT = 26
const LAST_WORD = MOMENT - 4
/** Bytes of it in brackets. */
const BRACKETS = MOMENT + 2

/** The moment that was read last, with its bytes: busy logs have many lines of one second. */
interface LastMoment {
  readonly words: Int32Array
  at: Micros | undefined
}

/**
 * Common and Combined, as Apache (`LogFormat combined` and `vhost_combined`) and nginx (`log_format combined`) write
 * them. What stands in a third pair of quotes is taken for X-Forwarded-For, as nginx's `main` has it.
 */
export function combinedFormat(texts: LogTexts): LogFormat {
  const last: LastMoment = { words: new Int32Array(Math.ceil(MOMENT / 4)), at: undefined }

  return {
    name: 'combined',
    parse(line, start, end, into) {
      const { bytes } = line
      const begin = addressStart(bytes, start, end)
      const addressEnd = spaceBefore(bytes, begin, end)
      if (addressEnd <= begin || addressEnd >= end) return 'it does not begin with an address'
      const open = openingBracket(bytes, addressEnd, end)
      const request = open + BRACKETS + 1
      if (open === -1 || request > end) return 'it has no time in brackets'
      const at = momentIn(line, open + 1, last)
      if (at === undefined) return 'its time cannot be read'
      if (bytes[request] !== QUOTE || bytes[request - 1] !== SPACE) return 'it has no request in quotes'

      into.at = at
      into.address = texts.addresses.of(line, begin, addressEnd)
      into.user = userOf(line, addressEnd + 1, open - 1, texts)
      const requestEnd = closingQuote(line, request + 1, end)
      if (requestEnd === -1) return 'the quotes of its request do not close'
      const fault = readRequest(line, request + 1, requestEnd, into, texts)
      if (fault !== undefined) return fault
      return readRest(line, requestEnd + 1, end, into, texts)
    },
  }
}

/** After `www.example.com:443 `, which Apache's `vhost_combined` puts first; an address has no port, and a dash follows it. */
function addressStart(bytes: Uint8Array, start: number, end: number): number {
  const space = spaceBefore(bytes, start, end)
  let colon = space - 1
  while (colon > start && isDigit(bytes[colon] as number)) colon--
  const hasPort = bytes[colon] === COLON && colon > start && colon < space - 1
  return hasPort && bytes[space + 1] !== DASH ? space + 1 : start
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57
}

/** The bracket before the time: a user's name may hold spaces, and brackets too, so a digit must follow. */
function openingBracket(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from + 1; at < end; at++) {
    if (bytes[at] === OPENING && bytes[at + BRACKETS - 1] === CLOSING && bytes[at - 1] === SPACE) return at
  }
  return -1
}

function momentIn(line: LineBytes, at: number, last: LastMoment): Micros | undefined {
  if (last.at !== undefined && isRepeated(line.view, at, last.words)) return last.at
  for (let i = 0; i < last.words.length; i++) last.words[i] = line.view.getInt32(at + wordPlace(i), true)
  const offset = offsetOf(line.bytes, at + 21)
  last.at = offset === undefined || line.bytes[at + 20] !== SPACE ? undefined : apacheMoment(line.bytes, at, offset)
  return last.at
}

function isRepeated(view: DataView, at: number, words: Int32Array): boolean {
  for (let i = words.length - 1; i >= 0; i--) if (view.getInt32(at + wordPlace(i), true) !== words[i]) return false
  return true
}

/** Where the words of a moment begin: the last one overlaps the one before. */
function wordPlace(i: number): number {
  return Math.min(4 * i, LAST_WORD)
}

/** The third word; the second one (RFC 1413) is never true. */
function userOf(line: LineBytes, from: number, end: number, { names }: LogTexts): Text | undefined {
  const { bytes } = line
  if (end - from === 3 && bytes[from + 2] === DASH) return undefined
  const space = bytes.indexOf(SPACE, from)
  return space === -1 || space + 1 >= end || isDash(bytes, space + 1, end) ? undefined : names.of(line, space + 1, end)
}

/** Apache writes a quote inside as `\"`, nginx as `\x22`. Four bytes without either are passed over at once. */
function closingQuote({ bytes, view }: LineBytes, from: number, end: number): number {
  let at = from
  while (at < end) {
    if (at + 4 <= end && isPlain(view.getInt32(at, true))) {
      at += 4
      continue
    }
    const byte = bytes[at]
    if (byte === QUOTE) return at
    at += byte === BACKSLASH ? 2 : 1
  }
  return -1
}

/** Whether no byte of a word is a quote or a backslash: no byte of its difference from either is zero. */
function isPlain(word: number): boolean {
  const quotes = word ^ 0x22222222
  const slashes = word ^ 0x5c5c5c5c
  return ((((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes)) & 0x80808080) === 0
}

function readRequest(line: LineBytes, start: number, end: number, into: LogLine, texts: LogTexts): string | undefined {
  const { bytes } = line
  const method = spaceBefore(bytes, start, end)
  if (method === start || method === end) return 'its request line is not METHOD TARGET VERSION'
  const target = spaceBefore(bytes, method + 1, end)
  if (target === method + 1) return 'its request line has no target'
  into.method = texts.names.of(line, start, method)
  into.target = targetOf(line, method + 1, target, texts)
  return undefined
}

function targetOf(line: LineBytes, start: number, end: number, { targets }: LogTexts): Text {
  const { bytes } = line
  for (let at = start; at < end; at++) {
    if (bytes[at] === BACKSLASH) return targets.ofBytes(unescaped(bytes.subarray(start, end)))
  }
  return targets.of(line, start, end)
}

const ESCAPE = /\\(?:x([\da-f]{2})|(.))/gis

/** The bytes that a client sent: nginx writes some of them as `\x22` and `\xE4`, Apache as `\"`, `\\` and `\xe4`. */
function unescaped(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const byteOf = (_: string, hex: string | undefined, itself: string) =>
    hex === undefined ? itself : String.fromCharCode(Number.parseInt(hex, 16))
  return Buffer.from(text.replace(ESCAPE, byteOf), 'latin1')
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
  const referer = closingQuote(line, size + 2, end)
  if (referer === -1 || bytes[referer + 2] !== QUOTE || referer + 2 >= end)
    return 'its referer or user agent is cut short'
  const agent = closingQuote(line, referer + 3, end)
  if (agent === -1) return 'its user agent is cut short'
  if (!isDash(bytes, referer + 3, agent)) into.userAgent = texts.agents.of(line, referer + 3, agent)
  if (bytes[agent + 2] === QUOTE && agent + 2 < end) into.fields = forwardedFor(line, agent + 3, end)
  return undefined
}

function statusAt(bytes: Uint8Array, at: number): number {
  const hundreds = (bytes[at] as number) ^ 48
  const rest = twoDigits(bytes, at + 1)
  return hundreds > 9 || rest < 0 ? 0 : hundreds * 100 + rest
}

function isDash(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 1 && bytes[start] === DASH
}

function forwardedFor(line: LineBytes, start: number, end: number): ReadonlyMap<string, string> | undefined {
  const close = closingQuote(line, start, end)
  if (close === -1 || isDash(line.bytes, start, close)) return undefined
  return new Map([['x-forwarded-for', line.bytes.toString('utf8', start, close)]])
}
