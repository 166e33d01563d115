import type { Context } from 'hono'
import { Hono } from 'hono'
import { createGuard, memoryStore } from 'spillway'
import type { HonoOptions } from 'spillway/hono'
import { rateLimit, verdictOf } from 'spillway/hono'
import { clientIp, header } from 'spillway/identity'

/** A shop's API on Hono, for every runtime: `address` is what that tells of a connection. */
export function application(address: NonNullable<HonoOptions['address']>): Hono {
  const guard = createGuard({
    rules: [
      { name: 'health', path: '/health', quotas: 'unlimited' },
      { name: 'partners', path: '/**', group: 'partner', quotas: '100/minute' },
      { name: 'search', path: '/search', quotas: '10/minute' },
      { name: 'all', path: '/**', quotas: '20/minute' },
    ],
    identity: [header({ name: 'x-api-key', groups: { 'key-of-mia': 'partner' } }), clientIp()],
    costs: { search: ({ request }) => depthOf(request as Context) },
    store: memoryStore(),
  })
  const guesses = { name: 'guesses', charge: { when: 'response', on: 401 } } as const

  const app = new Hono()
  app.use(rateLimit(guard, { address }))
  app.use('/reports/*', rateLimit('2/minute', { name: 'reports', address }))
  app.get('/reports/:report', (c) => c.json({ report: c.req.param('report') }))
  app.get('/towns', (c) => c.json({ towns: ['Bergen', 'Tartu'], remaining: remainingOf(c) }))
  app.get('/search', (c) => c.json({ depth: depthOf(c) }))
  app.get('/health', (c) => c.json({ up: true }))
  app.post('/login', rateLimit('3/minute', { ...guesses, address }), (c) => {
    const correct = c.req.query('password') === 'correct'
    return c.json({ welcome: correct }, correct ? 200 : 401)
  })
  return app
}

function remainingOf(context: Context): number | undefined {
  const verdict = verdictOf(context)
  const decision = verdict?.kind === 'allow' ? verdict.decisions[0]?.decision : undefined
  return decision?.kind === 'allowed' ? decision.remaining : undefined
}

/** What a search costs: a whole number from 1, whatever the client sends. Any other cost is a fault, and answered with 500. */
function depthOf(context: Context): number {
  const depth = Number(context.req.query('depth') ?? 1)
  return Number.isSafeInteger(depth) && depth >= 1 ? depth : 1
}
