import { rawField } from './raw-field.js'

/** The head of an answer from the upstream. */
export interface AnswerHead {
  readonly status: number
  /** What stands behind the status; may be empty. */
  readonly reason: string
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[]
  /** Bytes of the body, or how its end is told: by the last chunk, or by the end of the connection. */
  readonly length: number | 'chunked' | 'until-close'
  /** Milliseconds that the connection may wait for its next request; 0 where it ends with this answer. */
  readonly keptFor: number
}

/**
 * A whole head (RFC 9112, 4 and 5) without the empty line, as Latin-1. No line may be folded and none may end in a bare
 * line feed. Each character fits one alternative alone, so that matching takes linear time.
 */
const HEAD =
  /^HTTP\/1\.[01] [1-9]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?(?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*)*$/

/** More than 2^53 bytes cannot be counted. */
const LENGTH = /^\d{1,15}$/

/** Where the upstream does not say how long it keeps a connection: less than the five seconds of a Node server. */
const DEFAULT_KEPT = 4_000
/** A connection is given up so long before the upstream would close it, lest a request meet the closing. */
const MARGIN = 2_000
const LONGEST_KEPT = 600_000

/**
 * Reads the head of an answer to a request with this method; absent where it is malformed, or where two readers could
 * see two ends of the body (RFC 9112, 6.3).
 */
export function parseAnswerHead(text: string, method: string): AnswerHead | undefined {
  if (!HEAD.test(text)) return undefined

  const [line = '', ...fields] = text.split('\r\n')
  const status = Number(line.slice(9, 12))
  const headers = rawFields(fields)
  const old = line[7] === '0'
  const length = bodyLength(headers, status, method, old)
  if (length === undefined) return undefined

  const keptFor = length === 'until-close' ? 0 : keptTime(headers, old)
  return { status, reason: line.slice(13), headers, length, keptFor }
}

/** Names and values in turn of lines `name: value`. */
export function rawFields(lines: readonly string[]): string[] {
  const raw: string[] = []
  for (const line of lines) {
    const colon = line.indexOf(':')
    raw.push(line.slice(0, colon), trimmed(line, colon + 1))
  }
  return raw
}

/** Without spaces and tabs at either end: `trim` would take more. */
function trimmed(line: string, from: number): string {
  let start = from
  let end = line.length
  while (start < end && isBlank(line.charCodeAt(start))) start++
  while (start < end && isBlank(line.charCodeAt(end - 1))) end--
  return line.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function bodyLength(
  headers: readonly string[],
  status: number,
  method: string,
  old: boolean,
): AnswerHead['length'] | undefined {
  const coding = rawField(headers, 'transfer-encoding')
  const length = rawField(headers, 'content-length')
  if (coding !== undefined && (length !== undefined || old || coding.toLowerCase() !== 'chunked')) return undefined
  if (length !== undefined && !LENGTH.test(length)) return undefined

  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 0
  if (coding !== undefined) return 'chunked'
  return length === undefined ? 'until-close' : Number(length)
}

function keptTime(headers: readonly string[], old: boolean): number {
  const connection = rawField(headers, 'connection')?.toLowerCase() ?? ''
  if (/\bclose\b/.test(connection) || (old && !/\bkeep-alive\b/.test(connection))) return 0

  const [, seconds] = /\btimeout=(\d{1,9})\b/i.exec(rawField(headers, 'keep-alive') ?? '') ?? []
  if (seconds === undefined) return DEFAULT_KEPT
  return Math.max(0, Math.min(Number(seconds) * 1000 - MARGIN, LONGEST_KEPT))
}
