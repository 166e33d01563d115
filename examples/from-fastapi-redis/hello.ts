import type { Express } from 'express'
import express from 'express'
import type { Store, Verdict } from 'spillway'
import { createGuard } from 'spillway'
import { rateLimit, verdictOf } from 'spillway/express'

/** Five a minute for each address, the time to the next minute in every answer, and 503 once they are used up. */
export function hello(store: Store): Express {
  const guard = createGuard({
    rules: [{ name: 'hello', path: '/', quotas: { limit: 5, window: '1m', algorithm: 'fixed-window' } }],
    denied: { status: 503 },
    store,
  })
  const app = express()
  app.use(
    rateLimit(guard, {
      onDenied: (verdict, _request, response) => {
        response.setHeader('Content-Type', 'application/json')
        response.end(JSON.stringify({ detail: { message: 'call limit reached', ttl: ttlOf(verdict) } }))
      },
    }),
  )
  app.get('/', (request, response) => {
    response.json({ message: 'Hello world', ttl: ttlOf(verdictOf(request)) })
  })
  return app
}

/** Whole seconds until the window of the rule is over. */
function ttlOf(verdict: Verdict | undefined): number | undefined {
  if (verdict?.kind !== 'allow' && verdict?.kind !== 'deny') return undefined
  const [first] = verdict.decisions
  return first !== undefined && 'resetAfter' in first.decision
    ? Math.ceil(first.decision.resetAfter / 1_000_000)
    : undefined
}
