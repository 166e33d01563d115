import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom } from '../guard/route-limit.js'
import type { RequestDescription } from '../identity/identity.js'
import type { NodeHooks, NodeMiddleware } from './node-middleware.js'
import { middleware } from './node-middleware.js'
import { describe } from './node-request.js'

export { verdictOf } from './node-request.js'

/** What a limit reads of an Express request, of version 4 or 5. */
export interface ExpressRequest extends IncomingMessage {
  /** The request target as it came, wherever the limit is mounted. */
  readonly originalUrl: string
  /** Where a session middleware has put one. */
  readonly session?: unknown
}

/**
 * Limits an Express application by a guard, or one route by quotas: `app.use(rateLimit(guard))`,
 * `app.post('/login', rateLimit('5/minute', { name: 'login' }), handler)`. Where it is mounted plays no part in how
 * paths match: rules see the whole path. Express's `trust proxy` plays none either: `clientIp` has its own
 * `trustedProxies`. `Request` and `Response` are what the functions among the options take, such as those of Express's
 * types. Throws as `createGuard` does.
 */
export function rateLimit<
  Request extends ExpressRequest = ExpressRequest,
  Response extends ServerResponse = ServerResponse,
>(
  limit: RouteLimit<Request>,
  options: NodeHooks<Request, Response> & RouteLimitOptions<Request> = {},
): NodeMiddleware<Request, Response> {
  return middleware({
    guard: guardFrom(limit, options, ['onDenied', 'onIdentityError']),
    hooks: options,
    description: describeExpress,
  })
}

function describeExpress(request: ExpressRequest): RequestDescription {
  return describe(request, request.originalUrl, request.session)
}
