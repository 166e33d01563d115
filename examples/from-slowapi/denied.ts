import type { ServerResponse } from 'node:http'
import type { Verdict } from 'spillway'

/** The handler of `RateLimitExceeded`. Status, Retry-After and `Cache-Control: no-store` are set by then. */
export function onDenied(verdict: Verdict, _request: unknown, response: ServerResponse): void {
  response.setHeader('Content-Type', 'application/json')
  const decision = verdict.kind === 'deny' ? verdict.decisive.decision : undefined
  if (decision !== undefined && 'limit' in decision) response.setHeader('X-Rate-Limit', decision.limit)
  response.end(JSON.stringify({ detail: 'Rate Limit Exceeded' }))
}
