import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Field } from 'spillway'
import type { Dispatcher } from 'undici'
import { clientHeaders } from './client-headers.js'
import type { Upstream } from './upstream.js'
import type { UpstreamFault } from './upstream-fault.js'
import { upstreamFault } from './upstream-fault.js'

/** What is sent to the upstream for one request, what comes of it, and who wants to know. */
export interface ExchangeOptions {
  readonly path: string
  /** Of the request to the upstream, names and values in turn. */
  readonly headers: string[]
  /** The protocol to change to, from `Upgrade`; null for none. */
  readonly upgrade: string | null
  /** Fields for the answer; they replace the upstream's. */
  readonly own: readonly Field[]
  /** Milliseconds until the upstream must have begun its answer, counted anew while the client still sends its body. */
  readonly timeout: number
  /** The answer's head is there. */
  onAnswer(): void
  /** There is no answer, or only a part. The answer to the client is not begun if `begun` is false: it is the caller's then. */
  onFault(fault: UpstreamFault, begun: boolean): void
  /** The upstream changes protocols. */
  onUpgrade(head: readonly string[], socket: Duplex): void
}

interface Exchange {
  readonly options: ExchangeOptions
  readonly request: IncomingMessage
  readonly response: ServerResponse
  controller: Dispatcher.DispatchController | undefined
  phase: 'waiting' | 'answering' | 'over'
  timer: NodeJS.Timeout | undefined
  received: number
}

/**
 * Answers of these end with their head. A `Content-Length` there tells how long another answer would be (RFC 9110, 8.6);
 * undici misses a body of that length.
 */
const BODILESS: ReadonlySet<number> = new Set([204, 304])

/**
 * Sends the request to the upstream, once, and streams the answer back; each side waits for the slower one.
 *
 * The objects are written out, without a spread: made by spreading they cost a seventh of all time for a request.
 */
export function exchange(
  upstream: Upstream,
  request: IncomingMessage,
  response: ServerResponse,
  options: ExchangeOptions,
): void {
  const state: Exchange = {
    options,
    request,
    response,
    controller: undefined,
    phase: 'waiting',
    timer: undefined,
    received: request.socket.bytesRead,
  }
  state.timer = setTimeout(expire, options.timeout, state)
  response.on('close', () => abandon(state))

  const sent: Dispatcher.DispatchOptions & { readonly servername: string } = {
    path: options.path,
    method: request.method ?? 'GET',
    headers: options.headers,
    body: hasBody(request) ? request : null,
    upgrade: options.upgrade,
    servername: upstream.servername,
  }
  upstream.pool.dispatch(sent, handlerOf(state))
}

/** Whether the request's head announces a body (RFC 9112, 6.3). */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0)
}

function handlerOf(state: Exchange): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller) => {
      state.controller = controller
      if (state.phase === 'over') controller.abort(new Error('given up'))
    },
    onRequestUpgrade: (controller, _status, _headers, socket) => {
      finish(state)
      state.options.onUpgrade(headersOf(controller.rawHeaders), socket)
    },
    onResponseStart: (controller, status, _headers, message) => begin(state, controller, status, message),
    onResponseData: (controller, chunk) => {
      if (state.response.write(chunk)) return
      controller.pause()
      state.response.once('drain', () => controller.resume())
    },
    onResponseEnd: (controller) => {
      finish(state)
      const trailers = headersOf(controller.rawTrailers)
      if (trailers.length > 0) state.response.addTrailers(pairs(trailers))
      state.response.end()
    },
    onResponseError: (_controller, error) => fail(state, upstreamFault(error)),
  }
}

/** Informational answers (1xx) stop here: `Expect` is answered by the gateway itself. */
function begin(state: Exchange, controller: Dispatcher.DispatchController, status: number, message?: string): void {
  if (status < 200) return

  clearTimeout(state.timer)
  state.phase = 'answering'
  state.options.onAnswer()
  const headers = clientHeaders(status, headersOf(controller.rawHeaders), state.options.own)
  // The rest of the body would be taken for the next request.
  if (!state.request.complete && hasBody(state.request)) headers.push('Connection', 'close')
  state.response.writeHead(status, sendable(message), headers)
  if (BODILESS.has(status)) {
    finish(state)
    state.response.end()
  }
}

/** The reason phrase, which means nothing (RFC 9112, 4); absent where Node could not send it, and puts the usual one. */
function sendable(phrase: string | undefined): string | undefined {
  return phrase !== undefined && /^[\t\x20-\x7e]*$/.test(phrase) ? phrase : undefined
}

function expire(state: Exchange): void {
  const { request } = state
  if (!request.complete && request.socket?.bytesRead !== state.received) {
    state.received = request.socket?.bytesRead ?? 0
    state.timer = setTimeout(expire, state.options.timeout, state)
    return
  }

  fail(state, 'timeout')
}

function fail(state: Exchange, fault: UpstreamFault): void {
  if (state.phase === 'over') return

  const begun = state.phase === 'answering'
  finish(state)
  state.controller?.abort(new Error(fault))
  if (begun) state.response.destroy()
  state.options.onFault(fault, begun)
}

/** The client went away: the upstream need not go on. */
function abandon(state: Exchange): void {
  if (state.phase === 'over') return

  finish(state)
  state.controller?.abort(new Error('the client went away'))
}

function finish(state: Exchange): void {
  clearTimeout(state.timer)
  state.phase = 'over'
}

type RawHeaders = Dispatcher.DispatchController['rawHeaders']

function headersOf(raw: RawHeaders): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] as string, flat[2 * i + 1] as string])
}
