import type { Express, Response } from 'express'
import express from 'express'
import type { Throttler } from './throttler.js'

/** The application of token-throttler's tutorial, and routes that change its buckets while it runs. */
export function application(throttler: Throttler): Express {
  const app = express()
  app.use(express.json())

  app.get('/', async (request, response) => {
    const decision = await throttler.consume(request.get('x-user') ?? 'user_id')
    switch (decision.kind) {
      case 'allowed':
        return response.json({ message: 'Hello User, you have access!' })
      case 'denied':
      case 'blocked':
        return refuse(response.set('Retry-After', String(Math.ceil(decision.retryAfter / 1_000_000))))
      case 'impossible':
      case 'unknown':
        return refuse(response)
    }
  })

  app.post('/buckets/:identifier', (request, response) => {
    const { replenishTime, maxTokens } = request.body
    throttler.addBucket(request.params.identifier, { replenishTime, maxTokens })
    response.sendStatus(204)
  })

  app.delete('/buckets/:identifier/:replenishTime', ({ params }, response) => {
    response.sendStatus(throttler.removeBucket(params.identifier, Number(params.replenishTime)) ? 204 : 404)
  })
  return app
}

function refuse(response: Response): Response {
  return response.status(429).json({ message: "You've reached the limit!" })
}
