import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom } from '../guard/route-limit.js'
import { answerOf } from '../http/answer.js'
import type { Refusal } from '../http/problem.js'
import { problemOf } from '../http/problem.js'
import type { Verdict } from '../verdict.js'
import { describeContext, refusalOf, tellContext } from './context-request.js'

/** A call of a procedure, as middleware sees it. */
export interface TrpcCall<Context> {
  readonly ctx: Context
  /** Such as `towns.list`. */
  readonly path: string
  readonly type: 'query' | 'mutation' | 'subscription'
}

/** How calls are read and refusals answered. */
export interface TrpcOptions<Context> extends RouteLimitOptions<TrpcCall<Context>> {
  /**
   * The peer address of the connection. Default: that of `ctx.req`, where it is a request of `node:http`; else unknown,
   * so that all anonymous calls share one budget.
   */
  readonly address?: (context: Context) => string | undefined
  /**
   * The error of a refusal. Default: a `TRPCError` with a code such as `TOO_MANY_REQUESTS`, whose cause is a
   * `RefusalCause`.
   */
  readonly onDenied?: (verdict: Refusal, call: TrpcCall<Context>) => Error
}

/** Why a call was refused: the cause of its `TRPCError`, with the problem for an `errorFormatter`. */
export class RefusalCause extends Error {
  override readonly name = 'RefusalCause'
  readonly verdict: Refusal
  readonly problem: ReturnType<typeof problemOf>

  constructor(verdict: Refusal, problem: RefusalCause['problem']) {
    super(problem.detail)
    this.verdict = verdict
    this.problem = problem
  }
}

/** Middleware of a procedure. */
export type TrpcMiddleware<Context> = <Result extends TrpcResult>(
  call: TrpcCall<Context> & { next(options: { ctx: object }): Promise<Result> },
) => Promise<Result>

/** What comes of a call. */
type TrpcResult = { readonly ok: true } | { readonly ok: false; readonly error: TRPCError }

/**
 * Limits procedures of tRPC by a guard, or by quotas: `t.procedure.use(rateLimit('10/minute'))`. Each call of a batch
 * counts. To the rules of a guard `towns.list` is the path `/towns/list`, a query `GET`, all else `POST`. The request is
 * read from `ctx.req` or `ctx.request`, and fields go to `ctx.res` or `ctx.resHeaders`, where they are there. Throws as
 * `createGuard` does.
 */
export function rateLimit<Context = object>(
  limit: RouteLimit<TrpcCall<Context>>,
  options: TrpcOptions<Context> = {},
): TrpcMiddleware<Context> {
  const guard = guardFrom(limit, options, ['address', 'onDenied'])
  return async ({ next, ...call }) => {
    const { ctx, path, type } = call
    const description = {
      ...describeContext(ctx, options.address?.(ctx)),
      method: type === 'query' ? 'GET' : 'POST',
      target: `/${path.replaceAll('.', '/')}`,
      request: call,
    }
    const verdict = await guard.decide(description)
    const answer = answerOf(verdict, description, guard.answering)
    tellContext(ctx, answer)
    const refusal = refusalOf(verdict, answer)
    if (refusal !== undefined) throw options.onDenied?.(refusal, call) ?? errorOf(refusal, guard.answering.status)

    const result = await next({ ctx: { ...ctx, [VERDICT]: verdict } })
    if (guard.settles) await guard.settle(verdict, result.ok ? 200 : getHTTPStatusCodeFromError(result.error))
    return result
  }
}

const VERDICT = Symbol('spillway.verdict')

/** The latest verdict on a call, from its context; absent where no limit has seen it. */
export function verdictOf(context: object): Verdict | undefined {
  return (context as { readonly [VERDICT]?: Verdict })[VERDICT]
}

function errorOf(refusal: Refusal, status: number): TRPCError {
  const cause = new RefusalCause(refusal, problemOf(refusal, status))
  return new TRPCError({ code: codeOf(refusal), message: cause.message, cause })
}

function codeOf({ kind }: Refusal): TRPCError['code'] {
  switch (kind) {
    case 'deny':
      return 'TOO_MANY_REQUESTS'
    case 'undecided':
      return 'SERVICE_UNAVAILABLE'
    case 'unidentified':
      return 'UNAUTHORIZED'
    case 'malformed':
      return 'BAD_REQUEST'
  }
}
