import { after } from '../core/awaitable.js'
import type { Awaitable } from '../core/units.js'
import type { Guard } from '../guard/guard-of.js'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom } from '../guard/route-limit.js'
import { answerOf } from '../http/answer.js'
import type { IdentityError, RequestDescription } from '../identity/identity.js'
import type { Deny, Malformed, Undecided, Verdict } from '../verdict.js'
import type { FetchHooks } from './fetch-answer.js'
import { refusal, settled, targetOf, withFields } from './fetch-answer.js'

/**
 * A handler of the Fetch standard's requests; `Rest` is what its platform passes besides, such as a connection, and `Asked`
 * its own kind of request, such as `NextRequest`.
 */
export type FetchHandler<Rest extends readonly unknown[], Asked extends Request = Request> = (
  request: Asked,
  ...rest: Rest
) => Response | Promise<Response>

/** Puts a limit in front of a handler, which may read more of what the platform passes than the limit's options do. */
export interface FetchLimit<Rest extends readonly unknown[]> {
  (handler: FetchHandler<Rest>): FetchHandler<Rest>
  <More extends readonly [...Rest, ...unknown[]], Asked extends Request>(
    handler: FetchHandler<More, Asked>,
  ): FetchHandler<More, Asked>
}

/** How requests are read and refusals answered. */
export interface FetchOptions<Rest extends readonly unknown[]> extends RouteLimitOptions<Request> {
  /**
   * The peer address of the connection, from what the platform tells. Absent: unknown, so that all anonymous requests
   * share one budget.
   */
  readonly address?: (request: Request, ...rest: Rest) => string | undefined
  /** The session of whoever asks, for the source `session()`; it may come later. Default: nobody has one. */
  readonly session?: (request: Request, ...rest: Rest) => Awaitable<unknown>
  /**
   * Replaces the answer to a refusal, of every kind but that of an identity. Fields that it does not set are added, and
   * the status is its own.
   */
  readonly onDenied?: (verdict: Deny | Undecided | Malformed, request: Request) => Awaitable<Response>
  /** For a request that is answered with 401: a source refused it, or nobody knows who asks. */
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
): FetchLimit<Rest> {
  const guard = guardFrom(limit, options, ['address', 'session', 'onDenied', 'onIdentityError'])
  const { address, session } = options
  return (handler: FetchHandler<Rest>): FetchHandler<Rest> =>
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
  hooks: FetchHooks<Request>,
  respond: () => Awaitable<Response>,
): Response | Promise<Response> {
  return after(guard.decide(description), (verdict) => {
    const kept: Request & Kept = request
    kept[VERDICT] = verdict
    const answer = answerOf(verdict, description, guard.answering)
    if (answer.kind === 'refuse') return refuse(answer, verdict, request, hooks)
    const response = guard.settles ? settled(guard, verdict, request, respond) : respond()
    return after(response, (later) => withFields(later, answer.fields))
  })
}

async function refuse(...refused: Parameters<typeof refusal<Request>>): Promise<Response> {
  const { response, fields } = await refusal(...refused)
  return withFields(response, fields)
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
