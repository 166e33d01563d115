import type { Express } from 'express'
import express from 'express'
import type { Store } from 'spillway'
import { createGuard } from 'spillway'
import { rateLimit } from 'spillway/express'
import { header } from 'spillway/identity'

/** The user, whom a gateway in front has checked. Names are hashed before they become part of a key in Redis. */
const user = header({ name: 'x-user', verified: true })

/** Three for each user in any minute, counted in a store that outlives the application. */
export function perMinute(store: Store): Express {
  const guard = createGuard({
    rules: [{ name: 'data', path: '/data', quotas: '3/minute' }],
    identity: [user],
    store,
  })
  const app = express()
  app.use(
    rateLimit(guard, {
      onDenied: (_verdict, _request, response) => {
        response.setHeader('Content-Type', 'application/json')
        response.setHeader('X-Rate-Limit', 3)
        response.end(JSON.stringify({ detail: 'User Rate Limit Exceeded' }))
      },
    }),
  )
  app.get('/data', (_request, response) => {
    response.json({ data: 'sample data' })
  })
  return app
}
