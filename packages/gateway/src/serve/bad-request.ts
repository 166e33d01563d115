import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Problem } from './problem.js'
import { problemMessage } from './problem.js'

/** Error codes of Node's parser and server that have a status of their own; every other is 400. */
const PROBLEMS: ReadonlyMap<string, Problem> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, detail: 'The header of this request is too large: 16 KB are allowed.' }],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', { status: 413, detail: 'A chunk of this request has too long an extension.' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, detail: 'The request took too long to arrive.' }],
])

const MALFORMED: Problem = { status: 400, detail: 'The request is not proper HTTP/1.1.' }

/**
 * Answers bytes that are no request, and closes the connection. `open` are the answers on it that are not finished: an
 * answer put between them would be taken for one of theirs, so then only one that has not begun, to the request that is
 * itself at fault, is replaced.
 */
export function answerBadRequest(error: Error, socket: Duplex, open: readonly ServerResponse[]): void {
  const [only] = open
  const answerable = open.length === 0 || (open.length === 1 && only?.headersSent === false && !only.req.complete)
  const code = 'code' in error ? String(error.code) : ''
  if (!answerable || !socket.writable || code === 'ECONNRESET') {
    socket.destroy()
    return
  }

  socket.end(problemMessage(PROBLEMS.get(code) ?? MALFORMED), () => socket.destroy())
}

/** There is one service behind the gateway, and no tunnel to any other. */
export function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  socket.end(problemMessage({ status: 405, detail: 'CONNECT is not served here.' }), () => socket.destroy())
}
