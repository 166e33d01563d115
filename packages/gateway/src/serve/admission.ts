import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Field, Guard, RequestDescription, Verdict } from 'spillway'
import { answerOf } from 'spillway'
import type { Denials } from './denials.js'
import { hasBody } from './exchange.js'
import type { GatewayLog } from './gateway-log.js'
import { headFault } from './head-fault.js'
import type { PolicyInForce } from './policy-in-force.js'
import { sendProblem } from './problem.js'
import type { Refusal } from './request-id.js'
import { withRequestId } from './request-id.js'
import { SWITCHING_PROTOCOLS } from './switch-protocols.js'
import type { Tally } from './tally.js'

/** A refused body up to this size is read and dropped, to keep the connection; a longer one ends it. */
const LARGEST_DROPPED_BODY = 65_536

/** Who hears of what is decided. */
export interface Admission {
  readonly denials: Denials
  readonly tally: Tally
  readonly lines: GatewayLog
}

/** A request on its way, and what it goes by to the end. */
export interface Passage {
  readonly admission: Admission
  readonly inForce: PolicyInForce
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Asks the guard; a refusal is answered here, else `pass` gets the fields that the answer must carry. */
export function admit(passage: Passage, pass: (fields: readonly Field[]) => void): void {
  const { admission, request, response } = passage
  const { policy, guard, explain, identifying } = passage.inForce
  const fault = headFault(request, identifying.single)
  if (fault !== undefined) {
    response.shouldKeepAlive = false
    sendProblem(response, { status: 400, detail: fault })
    return
  }

  const description = describe(request)
  const startedAt = performance.now()
  const conclude = (verdict: Verdict) => {
    admission.tally.verdict(verdict, (performance.now() - startedAt) / 1000)
    admission.lines.wouldRefuse(verdict, request.method ?? '')
    const answer = answerOf(verdict, description, guard.answering)
    if (answer.kind === 'pass') {
      if (guard.settles) settleLater(guard, verdict, response)
      // The client may have left while a store or a key server was asked.
      if (!response.destroyed) pass(answer.fields)
      return
    }
    const id = admission.denials.add(explain(description, verdict, answer))
    admission.lines.refused(verdict, request.method ?? '', id)
    refuse(request, response, policy.denied.requestId ? withRequestId(answer, id) : answer)
  }

  try {
    const verdict = guard.decide(description)
    if ('then' in verdict) verdict.then(conclude).catch((error: unknown) => fail(admission, response, error))
    else conclude(verdict)
  } catch (error) {
    fail(admission, response, error)
  }
}

/** A connection that breaks before the answer has begun counts as 499. */
function settleLater(guard: Guard, verdict: Verdict, response: ServerResponse): void {
  const settle = () => {
    const begun = response.headersSent || response.statusCode === SWITCHING_PROTOCOLS
    void guard.settle(verdict, begun ? response.statusCode : 499)
  }
  if (response.destroyed) settle()
  else response.once('close', settle)
}

function describe(request: IncomingMessage): RequestDescription {
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    address: request.socket.remoteAddress,
    header: (name) => {
      const value = request.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, answer: Refusal): void {
  keepOrClose(request, response)
  const headers = answer.fields.flat()
  if (answer.body !== undefined) headers.push('Content-Length', String(Buffer.byteLength(answer.body)))
  response.writeHead(answer.status, headers)
  response.end(answer.body)
}

function keepOrClose(request: IncomingMessage, response: ServerResponse): void {
  const { expect, 'content-length': length = Number.POSITIVE_INFINITY } = request.headers
  // Who waits for leave to send a body may send it or not: where the next request begins is not known.
  if (expect !== undefined || (hasBody(request) && Number(length) > LARGEST_DROPPED_BODY))
    response.shouldKeepAlive = false
}

/** Neither a verdict nor a refusal: something is broken in here, and the request must not pass unasked. */
function fail(admission: Admission, response: ServerResponse, error: unknown): void {
  admission.lines.broken(error)
  if (response.headersSent) response.destroy()
  else sendProblem(response, { status: 500, detail: 'The gateway could not decide on this request.' })
}
