import type { IncomingMessage, ServerResponse } from 'node:http'
import { isPromise } from '../core/awaitable.js'
import type { Awaitable } from '../core/units.js'
import type { Guard } from '../guard/guard-of.js'
import { answerOf } from '../http/answer.js'
import type { IdentityError, RequestDescription } from '../identity/identity.js'
import type { Deny, Malformed, Undecided, Verdict } from '../verdict.js'
import { keepVerdict, put, settleLater } from './node-request.js'

/** A limit in front of a handler, in the form that connect, Express and a plain function call share. */
export type NodeMiddleware<Request extends IncomingMessage = IncomingMessage> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** What may replace the body of a refusal. Status and fields are set by then, all but `Content-Type`; end the response. */
export interface NodeHooks<Request extends IncomingMessage = IncomingMessage> {
  /** For every refusal but that of an identity. */
  readonly onDenied?: (verdict: Deny | Undecided | Malformed, request: Request, response: ServerResponse) => void
  readonly onIdentityError?: (error: IdentityError, request: Request, response: ServerResponse) => void
}

/** A limit on requests that `description` describes. */
interface Limit<Request extends IncomingMessage> {
  readonly guard: Guard
  readonly hooks: NodeHooks<Request>
  readonly description: (request: Request) => RequestDescription
}

/** Middleware that asks a guard, and answers what it refuses. */
export function middleware<Request extends IncomingMessage>(limit: Limit<Request>): NodeMiddleware<Request> {
  return (request, response, next) => {
    let passes: Awaitable<boolean>
    try {
      passes = admit(limit, request, response)
    } catch (error) {
      return next(error)
    }
    // Outside of the try: what the handler behind `next` throws is not the guard's.
    if (isPromise(passes)) passes.then((later) => later && next(), next)
    else if (passes) next()
  }
}

function admit<Request extends IncomingMessage>(
  limit: Limit<Request>,
  request: Request,
  response: ServerResponse,
): Awaitable<boolean> {
  const description = limit.description(request)
  const verdict = limit.guard.decide(description)
  return isPromise(verdict)
    ? verdict.then((later) => conclude(limit, later, description, request, response))
    : conclude(limit, verdict, description, request, response)
}

/** Puts a verdict on the response. Returns whether the request passes: not where others have answered it meanwhile. */
function conclude<Request extends IncomingMessage>(
  { guard, hooks }: Limit<Request>,
  verdict: Verdict,
  description: RequestDescription,
  request: Request,
  response: ServerResponse,
): boolean {
  const answer = answerOf(verdict, description, guard.answering)
  const first = keepVerdict(request, verdict)
  if (answer.kind === 'pass' && guard.settles) settleLater(guard, verdict, response)
  if (response.headersSent) return false
  put(response, answer.fields, first)
  if (answer.kind === 'pass') return true

  response.statusCode = answer.status
  if (!replaced(hooks, verdict, request, response)) response.end(answer.body)
  return false
}

/** Whether a hook answers instead. */
function replaced<Request extends IncomingMessage>(
  { onDenied, onIdentityError }: NodeHooks<Request>,
  verdict: Verdict,
  request: Request,
  response: ServerResponse,
): boolean {
  if (verdict.kind === 'allow') return false
  const hook = verdict.kind === 'unidentified' ? onIdentityError : onDenied
  if (hook === undefined) return false
  response.removeHeader('Content-Type')
  if (verdict.kind === 'unidentified') onIdentityError?.(verdict.error, request, response)
  else onDenied?.(verdict, request, response)
  return true
}
