/**
 * A shop's API on Koa: `npx tsx examples/koa/start.ts`, then
 *
 *     curl -i http://127.0.0.1:3000/towns                          # 20 a minute for each client
 *     curl -i 'http://127.0.0.1:3000/search?depth=5'               # costs as much as it is deep
 *     curl -i -X POST 'http://127.0.0.1:3000/login?password=wrong' # three wrong guesses a minute, right ones are free
 *     curl -i http://127.0.0.1:3000/reports/year                   # two a minute for all reports together
 *     curl -i http://127.0.0.1:3000/health                         # as often as you like
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Context, Middleware } from 'koa'
import Koa from 'koa'
import { createGuard, memoryStore } from 'spillway'
import { clientIp, header } from 'spillway/identity'
import { rateLimit, verdictOf } from 'spillway/koa'

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

const app = new Koa()
app.use(rateLimit(guard))
app.use(under('/reports/', rateLimit('2/minute', { name: 'reports' })))
app.use(under('/login', rateLimit('3/minute', { name: 'guesses', charge: { when: 'response', on: 401 } })))

app.use((context) => {
  switch (context.path) {
    case '/towns':
      context.body = { towns: ['Bergen', 'Tartu'], remaining: remainingOf(context) }
      break
    case '/search':
      context.body = { depth: depthOf(context) }
      break
    case '/login':
      context.status = context.query.password === 'correct' ? 200 : 401
      context.body = { welcome: context.status === 200 }
      break
    case '/reports/year':
    case '/reports/month':
    case '/health':
      context.body = { path: context.path }
  }
})

/** Middleware for some paths, where there is no router that says so. */
function under(prefix: string, middleware: Middleware): Middleware {
  return (context, next) => (context.path.startsWith(prefix) ? middleware(context, next) : next())
}

function remainingOf(context: Context): number | undefined {
  const verdict = verdictOf(context)
  const decision = verdict?.kind === 'allow' ? verdict.decisions[0]?.decision : undefined
  return decision?.kind === 'allowed' ? decision.remaining : undefined
}

/** What a search costs: a whole number from 1, whatever the client sends. Any other cost is a fault, and answered with 500. */
function depthOf(context: Context): number {
  const depth = Number(context.query.depth ?? 1)
  return Number.isSafeInteger(depth) && depth >= 1 ? depth : 1
}

const server = createServer(app.callback()).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
