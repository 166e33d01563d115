import type { ExecutionArgs, ExecutionResult } from 'graphql'
import { GraphQLError } from 'graphql'
import { after } from '../core/awaitable.js'
import type { Awaitable } from '../core/units.js'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom } from '../guard/route-limit.js'
import { answerOf } from '../http/answer.js'
import type { Problem, Refusal } from '../http/problem.js'
import { problemOf } from '../http/problem.js'
import { describeContext, refusalOf, tellContext } from './context-request.js'

/** An operation that is to be executed: its document, its variables and its context. */
export type Operation = Pick<ExecutionArgs, 'document' | 'variableValues' | 'operationName' | 'contextValue'>

/** How operations are read. `cost` is their complexity: a function of the operation, which gives a whole number from 1. */
export interface GraphqlOptions extends Omit<RouteLimitOptions<Operation>, 'charge'> {
  /**
   * The peer address of the connection. Default: that of the request in the context, where it is one of `node:http`;
   * else unknown, so that all anonymous operations share one budget.
   */
  readonly address?: (operation: Operation) => string | undefined
}

/**
 * An operation was refused: what the errors of its result tell. A `GraphQLError`, as servers such as Yoga hide whatever is
 * none from clients.
 */
export class RateLimitError extends GraphQLError {
  readonly verdict: Refusal
  /** Shown to the client. Servers that heed `http.status` answer with it. */
  declare readonly extensions: {
    readonly code: string
    readonly problem: Problem
    readonly http: { readonly status: number }
  }

  constructor(verdict: Refusal, problem: Problem) {
    super(problem.detail, { extensions: { code: codeOf(verdict), problem, http: { status: problem.status } } })
    this.verdict = verdict
  }
}

/**
 * Asks whether an operation may be executed, and charges what it costs. For servers that let a hook throw, such as
 * Apollo's `didResolveOperation`. Throws as `createGuard` does.
 */
export function limitOperations(
  limit: RouteLimit<Operation>,
  options: GraphqlOptions = {},
): (operation: Operation) => Awaitable<RateLimitError | undefined> {
  const guard = guardFrom(limit, options, ['address'])
  return (operation) => {
    const { contextValue } = operation
    const description = { ...describeContext(contextValue, options.address?.(operation)), request: operation }
    return after(guard.decide(description), (verdict) => {
      const answer = answerOf(verdict, description, guard.answering)
      tellContext(contextValue, answer)
      const refusal = refusalOf(verdict, answer)
      return refusal === undefined ? undefined : new RateLimitError(refusal, problemOf(refusal, guard.answering.status))
    })
  }
}

/**
 * Limits what executes operations, by a guard or by quotas, each operation taking as many units as it costs:
 *
 * ```ts
 * const limited = rateLimit('1000/minute', { cost: complexity })(execute)
 * ```
 *
 * It fits wherever `execute` of graphql-js does: `execute` of graphql-http, `setExecuteFn` of GraphQL Yoga. The request is
 * read from `req` or `request` of the context. Throws as `createGuard` does.
 */
export function rateLimit(
  limit: RouteLimit<Operation>,
  options: GraphqlOptions = {},
): <Args extends Operation, Result>(
  execute: (args: Args) => Result,
) => (args: Args) => Awaitable<Awaited<Result> | ExecutionResult> {
  const check = limitOperations(limit, options)
  return (execute) => (args) =>
    after(check(args), (error) =>
      error === undefined ? (execute(args) as Awaitable<Awaited<ReturnType<typeof execute>>>) : { errors: [error] },
    )
}

function codeOf({ kind }: Refusal): string {
  switch (kind) {
    case 'deny':
      return 'RATE_LIMITED'
    case 'undecided':
      return 'SERVICE_UNAVAILABLE'
    case 'unidentified':
      return 'UNAUTHENTICATED'
    case 'malformed':
      return 'BAD_REQUEST'
  }
}
