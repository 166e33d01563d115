import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Limiter } from 'spillway'
import { explanationText } from '../explain/print.js'
import type { Denial, Denials } from './denials.js'
import type { ListenerHandlers } from './listener.js'
import { sendProblem } from './problem.js'

/** What the admin listener shows. */
export interface AdminParts {
  /** What `Authorization: Bearer` must carry under `/api/v1/`; absent: nothing there is served. */
  readonly token: string | undefined
  /** Counts wrong tokens, by address. */
  readonly attempts: Limiter
  /** Whether requests are accepted. */
  ready(): boolean
  /** The metrics and their content type. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>
  /** The documents under `/api/v1/`, by the rest of their path; made when somebody asks. */
  readonly documents: ReadonlyMap<string, () => unknown>
  readonly denials: Denials
}

const API = '/api/v1/'
const DENIAL = 'denials/'

/** Health, metrics, and, for who has the token, the state of the gateway. It only tells: nothing can be changed here. */
export function createAdmin(parts: AdminParts): ListenerHandlers {
  return {
    onRequest: (request, response) => {
      response.setHeader('Cache-Control', 'no-store')
      response.setHeader('X-Content-Type-Options', 'nosniff')
      answer(parts, request, response).catch(() => {
        if (response.headersSent) response.destroy()
        else sendProblem(response, { status: 500, detail: 'The answer could not be made.' })
      })
    },
  }
}

async function answer(parts: AdminParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?', 1)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return sendProblem(response, { status: 405, detail: 'Only GET and HEAD are served here.' })
  }
  if (path.startsWith(API)) return answerApi(parts, request, response, path.slice(API.length))

  switch (path) {
    case '/healthz':
      return send(response, 200, 'text/plain; charset=utf-8', 'ok\n')
    case '/readyz':
      return parts.ready()
        ? send(response, 200, 'text/plain; charset=utf-8', 'ready\n')
        : send(response, 503, 'text/plain; charset=utf-8', 'stopping\n')
    case '/metrics': {
      const { contentType, text } = await parts.scrape()
      return send(response, 200, contentType, text)
    }
  }
  sendProblem(response, { status: 404, detail: 'There is nothing here.' })
}

async function answerApi(
  parts: AdminParts,
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
): Promise<void> {
  const address = request.socket.remoteAddress ?? ''
  const attempts = await parts.attempts.peek(address)
  if (attempts.kind === 'denied' || attempts.kind === 'blocked') {
    response.setHeader('Retry-After', String(Math.max(1, Math.ceil(attempts.retryAfter / 1_000_000))))
    return sendProblem(response, { status: 429, detail: 'Too many wrong tokens from this address.' })
  }
  if (!isAuthorised(request.headers.authorization, parts.token)) {
    // Who brings none has not guessed: a monitor without a token shuts nobody out.
    if (request.headers.authorization !== undefined) await parts.attempts.charge(address)
    response.setHeader('WWW-Authenticate', 'Bearer')
    return sendProblem(response, { status: 401, detail: 'This needs the token of the policy: Authorization: Bearer …' })
  }

  if (name.startsWith(DENIAL)) {
    const denial = parts.denials.get(name.slice(DENIAL.length))
    if (denial !== undefined) return sendDenial(denial, request, response)
    return sendProblem(response, {
      status: 404,
      detail: 'No denial has this id, or it is among the last ones no more.',
    })
  }
  const document = parts.documents.get(name)
  if (document === undefined) return sendProblem(response, { status: 404, detail: 'There is nothing here.' })
  send(response, 200, 'application/json', `${JSON.stringify(document(), null, 2)}\n`)
}

/** As JSON, or, for who asks for `text/plain` alone, as `spillway explain` prints it. */
function sendDenial({ id, at, explanation }: Denial, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Vary', 'Accept')
  if (request.headers.accept === 'text/plain') {
    send(response, 200, 'text/plain; charset=utf-8', `Denial ${id} at ${at}\n\n${explanationText(explanation)}`)
  } else {
    send(response, 200, 'application/json', `${JSON.stringify({ id, at, ...explanation }, null, 2)}\n`)
  }
}

/** Digests are compared, in constant time, so that neither the token's length nor its beginning shows in the time taken. */
function isAuthorised(authorization: string | undefined, token: string | undefined): boolean {
  const [, given] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  if (token === undefined || given === undefined) return false
  return timingSafeEqual(sha256(given), sha256(token))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
