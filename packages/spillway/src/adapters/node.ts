import type { IncomingMessage } from 'node:http'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom } from '../guard/route-limit.js'
import type { NodeHooks, NodeMiddleware } from './node-middleware.js'
import { middleware } from './node-middleware.js'
import { describe } from './node-request.js'

export type { NodeHooks, NodeMiddleware } from './node-middleware.js'
export { verdictOf } from './node-request.js'

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
 * `next` gets an error only where the guard itself is broken, or a hook: then the request must not pass. Throws as `createGuard`
 * does.
 */
export function rateLimit<Request extends IncomingMessage = IncomingMessage>(
  limit: RouteLimit<Request>,
  options: NodeHooks<Request> & RouteLimitOptions<Request> = {},
): NodeMiddleware<Request> {
  return middleware({
    guard: guardFrom(limit, options, ['onDenied', 'onIdentityError']),
    hooks: options,
    description: describe,
  })
}
