import type { IncomingMessage, ServerResponse } from 'node:http'
import { isPromise } from '../core/awaitable.js'
import type { Awaitable } from '../core/units.js'
import type { Guard } from '../guard/guard-of.js'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom } from '../guard/route-limit.js'
import { answerOf } from '../http/answer.js'
import type { Field } from '../http/fields.js'
import { EXPOSED, isListField } from '../http/fields.js'
import type { IdentityError, RequestDescription } from '../identity/identity.js'
import type { Deny, Malformed, Undecided, Verdict } from '../verdict.js'

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

/**
 * Limits a `node:http` server by a guard, or one route by quotas such as `'5/minute'`:
 *
 * ```ts
 * const limit = rateLimit(guard)
 * createServer((request, response) =>
 *   limit(request, response, (error) => {
 *     if (error) response.writeHead(500).end()
 *     else handle(request, response)
 *   }),
 * )
 * ```
 *
 * `next` gets an error only where the guard itself is broken: then the request must not pass. Throws as `createGuard` does.
 */
export function rateLimit(
  limit: RouteLimit<IncomingMessage>,
  options: NodeHooks & RouteLimitOptions<IncomingMessage> = {},
): NodeMiddleware {
  return middleware({ guard: guardFrom(limit, options), hooks: options, description: describe })
}

const VERDICT = Symbol('spillway.verdict')

/**
 * The lines of a request's headers, on which its verdict is kept. They are the request's own, and a plain list: Express
 * gives every request another prototype, and a property that is new on one of those takes the engine microseconds to add.
 */
interface Lines {
  [VERDICT]?: Verdict
}

/** The latest verdict on a request; absent where no limit has seen it. */
export function verdictOf(request: object): Verdict | undefined {
  return (request as { readonly rawHeaders?: Lines }).rawHeaders?.[VERDICT]
}

/** What this adapter and Express share. */
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

/** Puts a verdict on the response. Returns whether the request passes. */
function conclude<Request extends IncomingMessage>(
  { guard, hooks }: Limit<Request>,
  verdict: Verdict,
  description: RequestDescription,
  request: Request,
  response: ServerResponse,
): boolean {
  const lines: string[] & Lines = request.rawHeaders
  const answer = answerOf(verdict, description, guard.answering)
  put(response, answer.fields, lines[VERDICT] === undefined)
  lines[VERDICT] = verdict
  if (answer.kind === 'pass') {
    if (guard.settles) settleLater(guard, verdict, response)
    return true
  }

  response.statusCode = answer.status
  if (!replaced(hooks, verdict, request, response)) response.end(answer.body)
  return false
}

/** A connection that breaks before the answer has begun counts as 499. */
function settleLater(guard: Guard, verdict: Verdict, response: ServerResponse): void {
  const settle = () => void guard.settle(verdict, response.headersSent ? response.statusCode : 499)
  response.once('finish', settle)
  response.once('close', settle)
}

/** Where this limit is not the first, or others have their say in a field, it adds to what is told already. */
function put(response: ServerResponse, fields: readonly Field[], first: boolean): void {
  for (const [name, value] of fields) {
    const mayBeTold = first ? name === EXPOSED : isListField(name)
    if (mayBeTold && response.hasHeader(name)) response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
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

/** Describes a request; `target` is its URL as it came. */
export function describe(request: IncomingMessage, target = request.url ?? ''): RequestDescription {
  return {
    method: request.method ?? '',
    target,
    address: request.socket.remoteAddress,
    header: (name) => headerOf(request, name),
    request,
  }
}

/**
 * A header from the lines as they came: Node drops the second line of some headers, such as `Authorization`, and a
 * server behind may believe that one.
 */
function headerOf(request: IncomingMessage, name: string): string | undefined {
  const { rawHeaders } = request
  let value: string | undefined
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const line = rawHeaders[i] as string
    if (line.length !== name.length || line.toLowerCase() !== name) continue
    value = value === undefined ? rawHeaders[i + 1] : `${value}, ${rawHeaders[i + 1]}`
  }
  // Requests that no socket brought, such as those of serverless wrappers, may have no lines. Otherwise `headers` is left
  // alone: Node puts it together when it is first read, which takes longer than to look through the lines.
  return value === undefined && rawHeaders.length === 0 ? request.headers[name]?.toString() : value
}
