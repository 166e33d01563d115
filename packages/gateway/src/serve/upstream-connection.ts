import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { AnswerHead } from './answer-head.js'
import type { AnswerEvents, AnswerReader } from './answer-reader.js'
import { answerReader } from './answer-reader.js'
import { rawField } from './raw-field.js'
import { sendBody } from './send-body.js'
import type { UpstreamFault } from './upstream-fault.js'
import { upstreamFault } from './upstream-fault.js'

/** One request to the upstream. */
export interface UpstreamRequest {
  readonly method: string
  readonly path: string
  /** Names and values in turn, without those that mean the connection. */
  readonly headers: readonly string[]
  /** Absent for a request without one. In chunks where `headers` have no length. */
  readonly body: IncomingMessage | undefined
  /** The protocol to change to; absent for none. */
  readonly upgrade: string | undefined
  readonly events: UpstreamEvents
}

/** What comes of a request. After `onEnd`, `onUpgrade` and `onFault` nothing more does. */
export interface UpstreamEvents {
  onHead(head: AnswerHead): void
  /** Gives whether more is welcome now; if not, `resume` tells when. */
  onData(data: Buffer): boolean
  /** Trailers are names and values in turn. */
  onEnd(trailers: string[]): void
  onUpgrade(head: AnswerHead, socket: Duplex): void
  onFault(fault: UpstreamFault): void
}

/** A connection to the upstream, with one request at a time on it. */
export interface UpstreamConnection {
  /** Until when it may wait for its next request, by `performance.now()`; 0 once it is of no more use. */
  readonly keptUntil: number
  /** Sends a request, once. Only on a connection that is free. */
  send(request: UpstreamRequest): void
  /** The answer may go on, if it is to this request. */
  resume(request: UpstreamRequest): void
  /** Ends the connection, if it works for this request, which hears nothing more. */
  abort(request: UpstreamRequest): void
  /** Ends the connection; its request hears nothing more. */
  destroy(): void
}

interface Work {
  readonly request: UpstreamRequest
  readonly reader: AnswerReader
  /** Stops sending the body; absent once it is sent. */
  stopBody: (() => void) | undefined
}

interface State {
  readonly socket: Socket
  readonly onFree: () => void
  /** What `Host` says where the client has said nothing (HTTP/1.0). */
  readonly authority: string
  work: Work | undefined
  /** Milliseconds that it may wait after this answer. */
  keptFor: number
  keptUntil: number
  error: Error | undefined
}

/**
 * Takes a connected socket over. `authority` is the `Host` of requests that have none; `onFree` is called whenever it can
 * carry another request, `onClose` at its end.
 */
export function upstreamConnection(
  socket: Socket,
  authority: string,
  onFree: () => void,
  onClose: () => void,
): UpstreamConnection {
  const state: State = { socket, onFree, authority, work: undefined, keptFor: 0, keptUntil: 0, error: undefined }
  const events = eventsOf(state)
  // Bytes that nobody has asked for could be taken for the next answer.
  const onData = (bytes: Buffer) => (state.work === undefined ? destroy(state) : state.work.reader.read(bytes))

  socket.on('data', onData)
  socket.on('end', () => state.work?.reader.end())
  socket.on('error', (error) => {
    state.error = error
  })
  socket.on('close', () => {
    state.keptUntil = 0
    fail(state, state.error === undefined ? 'reset' : upstreamFault(state.error))
    onClose()
  })

  return {
    get keptUntil() {
      return state.keptUntil
    },
    send: (request) => send(state, request, events),
    resume: (request) => {
      if (state.work?.request === request) socket.resume()
    },
    abort: (request) => {
      if (state.work?.request === request) destroy(state)
    },
    destroy: () => destroy(state),
  }
}

function send(state: State, request: UpstreamRequest, events: AnswerEvents): void {
  const { body, method } = request
  const work: Work = { request, reader: answerReader(method, events), stopBody: undefined }
  const chunked = body !== undefined && rawField(request.headers, 'content-length') === undefined
  state.work = work
  state.socket.write(headOf(request, chunked, state.authority), 'latin1')
  if (body === undefined) return
  work.stopBody = sendBody(body, state.socket, chunked, () => {
    work.stopBody = undefined
  })
}

function headOf({ method, path, headers, upgrade }: UpstreamRequest, chunked: boolean, authority: string): string {
  let head = `${method} ${path} HTTP/1.1\r\n`
  if (rawField(headers, 'host') === undefined) head += `host: ${authority}\r\n`
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`
  if (chunked) head += 'transfer-encoding: chunked\r\n'
  return `${head}${upgrade === undefined ? 'connection: keep-alive' : `connection: upgrade\r\nupgrade: ${upgrade}`}\r\n\r\n`
}

function eventsOf(state: State): AnswerEvents {
  return {
    onHead: (head) => {
      state.keptFor = head.keptFor
      state.work?.request.events.onHead(head)
    },
    onData: (data) => {
      if (state.work?.request.events.onData(data) === false) state.socket.pause()
    },
    onEnd: (trailers, surplus) => {
      const { work } = state
      if (work === undefined) return

      const free = state.keptFor > 0 && !surplus && work.stopBody === undefined && work.request.upgrade === undefined
      if (free) release(state)
      else destroy(state)
      work.request.events.onEnd(trailers)
    },
    onSwitch: (head, rest) => takeAway(state, head, rest),
    onMalformed: () => fail(state, 'protocol'),
  }
}

function release(state: State): void {
  state.work = undefined
  state.keptUntil = performance.now() + state.keptFor
  if (state.socket.isPaused()) state.socket.resume()
  state.onFree()
}

/** From here on the socket belongs to who has asked for the other protocol. */
function takeAway(state: State, head: AnswerHead, rest: Buffer): void {
  const { work, socket } = state
  if (work === undefined) return
  if (work.request.upgrade === undefined) {
    fail(state, 'protocol')
    return
  }

  state.work = undefined
  state.keptUntil = 0
  socket.removeAllListeners('data').pause()
  if (rest.length > 0) socket.unshift(rest)
  work.request.events.onUpgrade(head, socket)
}

function fail(state: State, fault: UpstreamFault): void {
  const { work } = state
  destroy(state)
  work?.request.events.onFault(fault)
}

function destroy(state: State): void {
  const { work } = state
  state.work = undefined
  state.keptUntil = 0
  work?.stopBody?.()
  state.socket.destroy()
}
