import type { IncomingMessage, ServerResponse } from 'node:http'
import { after, isPromise } from '../core/awaitable.js'
import type { Awaitable } from '../core/units.js'
import type { Guard } from '../guard/guard-of.js'
import { answerOf } from '../http/answer.js'
import type { RequestDescription } from '../identity/identity.js'
import type { Allow, Verdict } from '../verdict.js'
import { keepVerdict, put, settleLater } from './node-request.js'
import type { RefusalHooks } from './refusal-hooks.js'

/** A limit in front of a handler, in the form that connect, Express and a plain function call share. */
export type NodeMiddleware<
  Request extends IncomingMessage = IncomingMessage,
  Response extends ServerResponse = ServerResponse,
> = (request: Request, response: Response, next: (error?: unknown) => void) => void

/**
 * What may replace the body of a refusal. Status and fields are set by then, all but `Content-Type`; end the response, at
 * once or later. What a hook throws, or rejects with, goes to `next`.
 */
export interface NodeHooks<
  Request extends IncomingMessage = IncomingMessage,
  Response extends ServerResponse = ServerResponse,
> extends RefusalHooks<Request, Response> {}

/** A limit on requests that `description` describes. */
interface Limit<Request extends IncomingMessage, Response extends ServerResponse> {
  readonly guard: Guard
  readonly hooks: NodeHooks<Request, Response>
  readonly description: (request: Request) => RequestDescription
}

/** Middleware that asks a guard, and answers what it refuses. */
export function middleware<Request extends IncomingMessage, Response extends ServerResponse>(
  limit: Limit<Request, Response>,
): NodeMiddleware<Request, Response> {
  return (request, response, next) => {
    let passes: Awaitable<boolean>
    try {
      passes = admit(limit, request, response)
    } catch (error) {
      return fail(error, response, next)
    }
    // Outside of the try: what the handler behind `next` throws is not the guard's.
    if (isPromise(passes))
      passes.then(
        (later) => later && next(),
        (error) => fail(error, response, next),
      )
    else if (passes) next()
  }
}

/** A hook of the application may fail when the status of the refusal is set already. */
function fail(error: unknown, response: ServerResponse, next: (error: unknown) => void): void {
  if (!response.headersSent) response.statusCode = 500
  next(error)
}

function admit<Request extends IncomingMessage, Response extends ServerResponse>(
  limit: Limit<Request, Response>,
  request: Request,
  response: Response,
): Awaitable<boolean> {
  const description = limit.description(request)
  const verdict = limit.guard.decide(description)
  return isPromise(verdict)
    ? verdict.then((later) => conclude(limit, later, description, request, response))
    : conclude(limit, verdict, description, request, response)
}

/** Puts a verdict on the response. Returns whether the request passes: not where others have answered it meanwhile. */
function conclude<Request extends IncomingMessage, Response extends ServerResponse>(
  { guard, hooks }: Limit<Request, Response>,
  verdict: Verdict,
  description: RequestDescription,
  request: Request,
  response: Response,
): Awaitable<boolean> {
  const answer = answerOf(verdict, description, guard.answering)
  const first = keepVerdict(request, verdict)
  if (answer.kind === 'pass' && guard.settles) settleLater(guard, verdict, response)
  if (response.headersSent) return false
  put(response, answer.fields, first)
  if (answer.kind === 'pass' || verdict.kind === 'allow') return true

  response.statusCode = answer.status
  const hook = verdict.kind === 'unidentified' ? hooks.onIdentityError : hooks.onDenied
  if (hook === undefined) {
    response.end(answer.body)
    return false
  }
  response.removeHeader('Content-Type')
  return after(replaced(hooks, verdict, request, response), () => false)
}

/** A hook answers instead. */
function replaced<Request extends IncomingMessage, Response extends ServerResponse>(
  { onDenied, onIdentityError }: NodeHooks<Request, Response>,
  verdict: Exclude<Verdict, Allow>,
  request: Request,
  response: Response,
): Awaitable<unknown> {
  return verdict.kind === 'unidentified'
    ? onIdentityError?.(verdict.error, request, response)
    : onDenied?.(verdict, request, response)
}
