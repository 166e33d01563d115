import { after } from '../core/awaitable.js'
import type { Awaitable } from '../core/units.js'
import type { Guard } from '../guard/guard-of.js'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom } from '../guard/route-limit.js'
import type { Answer } from '../http/answer.js'
import { answerOf } from '../http/answer.js'
import type { Field } from '../http/fields.js'
import { isListField } from '../http/fields.js'
import type { IdentityError, RequestDescription } from '../identity/identity.js'
import type { Deny, Malformed, Undecided, Verdict } from '../verdict.js'

/** A handler of the Fetch standard's requests; `Rest` is what its platform passes besides, such as a connection. */
export type FetchHandler<Rest extends readonly unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>

/** How requests are read and refusals answered. */
export interface FetchOptions<Rest extends readonly unknown[]> extends RouteLimitOptions<Request> {
  /** The peer address of the connection, from what the platform tells. Absent: unknown, so that all anonymous requests share one budget. */
  readonly address?: (request: Request, ...rest: Rest) => string | undefined
  /** The session of whoever asks, for the source `session()`; it may come later. Default: nobody has one. */
  readonly session?: (request: Request, ...rest: Rest) => Awaitable<unknown>
  /** Replaces the answer to a refusal, of every kind but that of an identity. Fields that it does not set are added, and the status is its own. */
  readonly onDenied?: (verdict: Deny | Undecided | Malformed, request: Request) => Awaitable<Response>
  readonly onIdentityError?: (error: IdentityError, request: Request) => Awaitable<Response>
}

/**
 * Limits a handler by a guard, or by quotas such as `'5/minute'`:
 *
 * ```ts
 * Deno.serve(rateLimit(guard, { address: (_, { remoteAddr }) => remoteAddr.hostname })(handler))
 * ```
 *
 * The handler answers at once where the given one does, and rejects with, or throws, what that one does, and what a
 * broken guard throws. Throws as `createGuard` does.
 */
export function rateLimit<Rest extends readonly unknown[] = []>(
  limit: RouteLimit<Request>,
  options: FetchOptions<Rest> = {},
): (handler: FetchHandler<Rest>) => FetchHandler<Rest> {
  const guard = guardFrom(limit, options)
  const { address, session } = options
  return (handler) =>
    (request, ...rest) => {
      const respond = () => handler(request, ...rest)
      const peer = address?.(request, ...rest)
      if (session === undefined) return limited(guard, describe(request, peer), request, options, respond)
      return after(session(request, ...rest), (found) =>
        limited(guard, { ...describe(request, peer), session: found }, request, options, respond),
      )
    }
}

function limited(
  guard: Guard,
  description: RequestDescription,
  request: Request,
  hooks: Hooks<Request>,
  respond: () => Awaitable<Response>,
): Response | Promise<Response> {
  return after(guard.decide(description), (verdict) => {
    const kept: Request & Kept = request
    kept[VERDICT] = verdict
    const answer = answerOf(verdict, description, guard.answering)
    if (answer.kind === 'refuse') return refusal(answer, verdict, request, hooks)
    const response = guard.settles ? settled(guard, verdict, request, respond) : respond()
    return after(response, (later) => withFields(later, answer.fields))
  })
}

const VERDICT = Symbol('spillway.verdict')

/** Where a request's verdict is kept: a map of requests, which all die young, costs the garbage collector microseconds. */
interface Kept {
  [VERDICT]?: Verdict
}

/** The latest verdict on a request; absent where no limit has seen it. */
export function verdictOf(request: Request & Kept): Verdict | undefined {
  return request[VERDICT]
}

function describe(request: Request, address: string | undefined): RequestDescription {
  return {
    method: request.method,
    target: targetOf(request.url),
    address,
    header: (name) => request.headers.get(name) ?? undefined,
    request,
  }
}

/** What stood on the request line. A URL in Fetch is absolute, and a target that begins with a slash is read much faster. */
export function targetOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  return start === -1 ? url : url.slice(start)
}

/** What the handler answers, when the units that do not count are given back; a request that is aborted before counts as 499. */
export async function settled(
  guard: Guard,
  verdict: Verdict,
  { signal }: Request,
  respond: () => Awaitable<Response>,
): Promise<Response> {
  const onAbort = () => void guard.settle(verdict, 499)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const response = await respond()
    await guard.settle(verdict, response.status)
    return response
  } catch (error) {
    await guard.settle(verdict, 500)
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** What may answer a refusal of a request, as the framework has it. */
interface Hooks<Asked> {
  readonly onDenied?: (verdict: Deny | Undecided | Malformed, request: Asked) => Awaitable<Response>
  readonly onIdentityError?: (error: IdentityError, request: Asked) => Awaitable<Response>
}

/** The answer to a refusal: a hook's under the same fields, or the policy's. */
export async function refusal<Asked>(
  answer: Extract<Answer, { kind: 'refuse' }>,
  verdict: Verdict,
  request: Asked,
  hooks: Hooks<Asked>,
): Promise<Response> {
  const own = await replacement(verdict, request, hooks)
  if (own === undefined) return withFields(new Response(answer.body ?? null, { status: answer.status }), answer.fields)
  const missing = answer.fields.filter(([name]) => name !== 'Content-Type' && !own.headers.has(name))
  return withFields(own, missing)
}

function replacement<Asked>(
  verdict: Verdict,
  request: Asked,
  { onDenied, onIdentityError }: Hooks<Asked>,
): Awaitable<Response> | undefined {
  switch (verdict.kind) {
    case 'allow':
      return undefined
    case 'unidentified':
      return onIdentityError?.(verdict.error, request)
    case 'deny':
    case 'undecided':
    case 'malformed':
      return onDenied?.(verdict, request)
  }
}

/** The response with the fields on it: a copy where its headers are immutable, as those of a redirect or of `fetch` are. */
export function withFields(response: Response, fields: readonly Field[]): Response {
  // A switch of protocols, or a network error, cannot be copied, and nobody reads fields on it.
  if (fields.length === 0 || response.status < 200) return response
  try {
    return put(response, fields)
  } catch {
    return put(new Response(response.body, response), fields)
  }
}

function put(response: Response, fields: readonly Field[]): Response {
  for (const [name, value] of fields) {
    // Another limit on the same request may have told its quotas already.
    if (isListField(name)) response.headers.append(name, value)
    else response.headers.set(name, value)
  }
  return response
}
