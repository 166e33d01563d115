import type { AnswerHead } from './answer-head.js'
import { parseAnswerHead } from './answer-head.js'
import type { ChunkedBody } from './chunked-body.js'
import { chunkedBody, readChunked, trailersOf } from './chunked-body.js'

/** What is found in the bytes of an answer. After `onEnd`, `onSwitch` and `onMalformed` nothing more is. */
export interface AnswerEvents {
  /** The head of the final answer; informational ones (1xx) are passed over. */
  onHead(head: AnswerHead): void
  onData(data: Buffer): void
  /** The answer is whole. Trailers are names and values in turn; `surplus` says that bytes follow that nobody asked for. */
  onEnd(trailers: string[], surplus: boolean): void
  /** A 101; `rest` is already of the other protocol. */
  onSwitch(head: AnswerHead, rest: Buffer): void
  onMalformed(): void
}

/** Reads the bytes of one answer, however they are cut. */
export interface AnswerReader {
  read(bytes: Buffer): void
  /** No more bytes will come. */
  end(): void
}

type Phase =
  | { readonly at: 'head'; readonly held: Buffer }
  | { readonly at: 'counted'; left: number }
  | { readonly at: 'chunks'; readonly body: ChunkedBody }
  | { readonly at: 'until-close' }
  | { readonly at: 'over' }

interface Reading {
  readonly method: string
  readonly events: AnswerEvents
  phase: Phase
}

/** Longest head, in bytes. */
const LONGEST_HEAD = 16_384
const HEAD_END = '\r\n\r\n'
const BEGINNING = 'HTTP/1.'

const FIRST: Phase = { at: 'head', held: Buffer.alloc(0) }
const UNTIL_CLOSE: Phase = { at: 'until-close' }
const OVER: Phase = { at: 'over' }

/** A reader for the answer to a request with this method. */
export function answerReader(method: string, events: AnswerEvents): AnswerReader {
  const reading: Reading = { method, events, phase: FIRST }

  return {
    read: (bytes) => read(reading, bytes),
    end: () => {
      if (reading.phase.at === 'until-close') end(reading, [], false)
    },
  }
}

function read(reading: Reading, bytes: Buffer): void {
  const { phase } = reading
  switch (phase.at) {
    case 'head':
      readHead(reading, phase.held.length === 0 ? bytes : Buffer.concat([phase.held, bytes]))
      return
    case 'counted':
      readCounted(reading, phase, bytes)
      return
    case 'chunks':
      readChunks(reading, phase.body, bytes)
      return
    case 'until-close':
      reading.events.onData(bytes)
      return
    case 'over':
      return
  }
}

function readHead(reading: Reading, bytes: Buffer): void {
  const last = bytes.indexOf(HEAD_END)
  if (last === -1 && bytes.length <= LONGEST_HEAD && isBeginning(bytes)) {
    reading.phase = { at: 'head', held: bytes }
    return
  }
  const whole = last !== -1 && last <= LONGEST_HEAD
  const head = whole ? parseAnswerHead(bytes.toString('latin1', 0, last), reading.method) : undefined
  if (head === undefined) malformed(reading)
  else follow(reading, head, bytes.subarray(last + HEAD_END.length))
}

function follow(reading: Reading, head: AnswerHead, rest: Buffer): void {
  if (head.status === 101) {
    reading.phase = OVER
    reading.events.onSwitch(head, rest)
    return
  }

  reading.phase = head.status < 200 ? FIRST : phaseOf(head)
  if (head.status >= 200) reading.events.onHead(head)
  if (head.status >= 200 && head.length === 0) end(reading, [], rest.length > 0)
  else if (rest.length > 0) read(reading, rest)
}

function phaseOf({ length }: AnswerHead): Phase {
  if (length === 'until-close') return UNTIL_CLOSE
  return length === 'chunked' ? { at: 'chunks', body: chunkedBody() } : { at: 'counted', left: length }
}

function readCounted(reading: Reading, phase: Phase & { readonly at: 'counted' }, bytes: Buffer): void {
  const taken = Math.min(phase.left, bytes.length)
  phase.left -= taken
  reading.events.onData(taken === bytes.length ? bytes : bytes.subarray(0, taken))
  if (phase.left === 0) end(reading, [], taken < bytes.length)
}

function readChunks(reading: Reading, body: ChunkedBody, bytes: Buffer): void {
  const taken = readChunked(body, bytes, reading.events.onData)
  if (body.phase === 'malformed') malformed(reading)
  else if (body.phase === 'whole') end(reading, trailersOf(body), taken < bytes.length)
}

function end(reading: Reading, trailers: string[], surplus: boolean): void {
  reading.phase = OVER
  reading.events.onEnd(trailers, surplus)
}

function malformed(reading: Reading): void {
  reading.phase = OVER
  reading.events.onMalformed()
}

/** Whether an answer could begin so: an upstream that speaks something else may never send an empty line. */
function isBeginning(bytes: Buffer): boolean {
  return BEGINNING.startsWith(bytes.toString('latin1', 0, BEGINNING.length))
}
