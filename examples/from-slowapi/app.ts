import type { Express } from 'express'
import express from 'express'
import type { Store } from 'spillway'
import { memoryStore } from 'spillway'
import type { ExpressRequest } from 'spillway/express'
import { rateLimit } from 'spillway/express'
import { onDenied } from './denied.js'

/** The application of slowapi's quickstart, and what its other options do. All counts lie in one store. */
export function application(store: Store = memoryStore()): Express {
  const app = express()

  // @limiter.limit("10/minute"): a limit that is given to the route cannot stand on the wrong side of it.
  app.get('/data', rateLimit('10/minute', { name: 'data', store, onDenied }), (_request, response) => {
    response.json({ data: 'sample data' })
  })

  // @limiter.shared_limit("3/minute", scope="mail"): one name, one pool.
  const mail = rateLimit('3/minute', { name: 'mail', store, onDenied })
  app.post('/letters', mail, (_request, response) => void response.sendStatus(202))
  app.post('/postcards', mail, (_request, response) => void response.sendStatus(202))

  // @limiter.limit(limit_for, key_func=…): a limit that depends on the request, counted by key.
  app.get('/reports', rateLimit(limitFor, { name: 'reports', by: keyOf, store, onDenied }), (_request, response) => {
    response.json({ reports: [] })
  })

  // cost=…, exempt_when=…
  const search = rateLimit('10/minute', { name: 'search', cost: costOf, exempt: isProbe, store, onDenied })
  app.get('/search', search, (_request, response) => {
    response.json({ found: [] })
  })

  // @limiter.exempt: a route without a limit has none.
  app.get('/health', (_request, response) => void response.send('ok'))
  return app
}

const PAYING: ReadonlySet<string> = new Set(['key-of-ada'])

function keyOf({ headers }: ExpressRequest): string {
  const key = headers['x-api-key']
  return typeof key === 'string' && PAYING.has(key) ? key : 'everyone else'
}

function limitFor(request: ExpressRequest): string {
  return keyOf(request) === 'everyone else' ? '2/minute' : '5/minute'
}

function costOf({ originalUrl }: ExpressRequest): number {
  return originalUrl.includes('deep=1') ? 5 : 1
}

function isProbe({ originalUrl }: ExpressRequest): boolean {
  return originalUrl.includes('q=ping')
}
