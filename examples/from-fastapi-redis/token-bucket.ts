import type { Express } from 'express'
import express from 'express'
import type { Store } from 'spillway'
import { createGuard } from 'spillway'
import { rateLimit } from 'spillway/express'

/** One bucket for everyone: it holds ten units, and ten a second flow in. */
export function tokenBucket(store: Store): Express {
  const guard = createGuard({
    rules: [
      {
        name: 'data',
        path: '/data',
        partition: 'everyone',
        quotas: { limit: 10, window: '1s', algorithm: 'token-bucket', burst: 10 },
      },
    ],
    store,
  })
  const app = express()
  app.get('/data', rateLimit(guard), (_request, response) => {
    response.json({ data: 'sample data' })
  })
  return app
}
