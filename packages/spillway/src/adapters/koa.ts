import type { IncomingMessage, ServerResponse } from 'node:http'
import { after } from '../core/awaitable.js'
import type { Awaitable } from '../core/units.js'
import type { Guard } from '../guard/guard-of.js'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom } from '../guard/route-limit.js'
import { answerOf } from '../http/answer.js'
import type { IdentityError, RequestDescription } from '../identity/identity.js'
import type { Deny, Malformed, Undecided, Verdict } from '../verdict.js'
import { describe, keepVerdict, verdictOf as onNode, put, settleLater } from './node-request.js'

/** What a limit reads and writes of a Koa context, of version 2 or 3. */
export interface KoaContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** The request target as it came, wherever the limit is mounted. */
  readonly originalUrl: string
  /** Where a session middleware has put one. */
  readonly session?: unknown
  status: number
  body: unknown
}

/** A limit in front of what comes after it. */
export type KoaMiddleware<Context extends KoaContext> = (
  context: Context,
  next: () => Promise<unknown>,
) => Awaitable<unknown>

/**
 * What may replace the body of a refusal: it sets `context.body`. Status and fields are set by then, all but
 * `Content-Type`.
 */
export interface KoaHooks<Context extends KoaContext> {
  /** For every refusal but that of an identity. */
  readonly onDenied?: (verdict: Deny | Undecided | Malformed, context: Context) => Awaitable<void>
  /** For a request that is answered with 401: a source refused it, or nobody knows who asks. */
  readonly onIdentityError?: (error: IdentityError, context: Context) => Awaitable<void>
}

/**
 * Limits a Koa application by a guard, or one route by quotas: `app.use(rateLimit(guard))`,
 * `router.post('/login', rateLimit('5/minute', { name: 'login' }), handler)`. Where it is mounted plays no part in how
 * paths match: rules see the whole path. Koa's `app.proxy` plays none either: `clientIp` has its own `trustedProxies`.
 * What a broken guard throws, it throws. Throws as `createGuard` does.
 */
export function rateLimit<Context extends KoaContext = KoaContext>(
  limit: RouteLimit<Context>,
  options: KoaHooks<Context> & RouteLimitOptions<Context> = {},
): KoaMiddleware<Context> {
  const guard = guardFrom(limit, options, ['onDenied', 'onIdentityError'])
  return (context, next) => {
    const description = describeKoa(context)
    return after(guard.decide(description), (verdict) =>
      conclude(guard, options, verdict, { context, description, next }),
    )
  }
}

/** The latest verdict on the request of a context; absent where no limit has seen it. */
export function verdictOf({ req }: Pick<KoaContext, 'req'>): Verdict | undefined {
  return onNode(req)
}

interface Asked<Context> {
  readonly context: Context
  readonly description: RequestDescription
  readonly next: () => Promise<unknown>
}

function conclude<Context extends KoaContext>(
  guard: Guard,
  hooks: KoaHooks<Context>,
  verdict: Verdict,
  { context, description, next }: Asked<Context>,
): Awaitable<unknown> {
  const { req, res } = context
  const answer = answerOf(verdict, description, guard.answering)
  const first = keepVerdict(req, verdict)
  if (answer.kind === 'pass' && guard.settles) settleLater(guard, verdict, res)
  // Others may have answered while the guard decided.
  if (res.headersSent) return undefined
  put(res, answer.fields, first)
  if (answer.kind === 'pass') return next()

  context.status = answer.status
  const hook = verdict.kind === 'unidentified' ? hooks.onIdentityError : hooks.onDenied
  if (hook !== undefined) return replace(hooks, verdict, context)
  // Koa takes a body of nothing for 204.
  if (answer.body !== undefined) context.body = answer.body
  return undefined
}

function replace<Context extends KoaContext>(
  { onDenied, onIdentityError }: KoaHooks<Context>,
  verdict: Verdict,
  context: Context,
): Awaitable<void> {
  context.res.removeHeader('Content-Type')
  switch (verdict.kind) {
    case 'allow':
      return undefined
    case 'unidentified':
      return onIdentityError?.(verdict.error, context)
    case 'deny':
    case 'undecided':
    case 'malformed':
      return onDenied?.(verdict, context)
  }
}

function describeKoa(context: KoaContext): RequestDescription {
  return describe(context.req, context.originalUrl, context.session, context)
}
