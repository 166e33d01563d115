import { createGuard, memoryStore } from 'spillway'
import type { FetchHandler } from 'spillway/fetch'
import { rateLimit, verdictOf } from 'spillway/fetch'
import { clientIp, header } from 'spillway/identity'

/** What the platform tells of a connection besides the request. */
export interface Connection {
  readonly address: string | undefined
}

type Handler = FetchHandler<[Connection]>

const address = (_request: Request, connection: Connection) => connection.address

const guard = createGuard({
  rules: [
    { name: 'health', path: '/health', quotas: 'unlimited' },
    { name: 'partners', path: '/**', group: 'partner', quotas: '100/minute' },
    { name: 'search', path: '/search', quotas: '10/minute' },
    { name: 'all', path: '/**', quotas: '20/minute' },
  ],
  identity: [header({ name: 'x-api-key', groups: { 'key-of-mia': 'partner' } }), clientIp()],
  costs: { search: ({ request }) => depthOf(request as Request) },
  store: memoryStore(),
})

/** One limit in front of two routes: they share two a minute. */
const reports = rateLimit('2/minute', { name: 'reports', address })
const guesses = rateLimit('3/minute', { name: 'guesses', charge: { when: 'response', on: 401 }, address })

const routes: Readonly<Record<string, Handler>> = {
  '/towns': (request) => Response.json({ towns: ['Bergen', 'Tartu'], remaining: remainingOf(request) }),
  '/search': (request) => Response.json({ depth: depthOf(request) }),
  '/health': () => Response.json({ up: true }),
  '/reports/year': reports(() => Response.json({ report: 'year' })),
  '/reports/month': reports(() => Response.json({ report: 'month' })),
  '/login': guesses((request) => {
    const correct = new URL(request.url).searchParams.get('password') === 'correct'
    return Response.json({ welcome: correct }, { status: correct ? 200 : 401 })
  }),
}

/** A shop's API as one function of the Fetch standard, for every runtime and framework that takes such. */
export const application = rateLimit(guard, { address })((request: Request, connection: Connection) => {
  const route = routes[new URL(request.url).pathname]
  return route === undefined ? new Response('There is no such page.', { status: 404 }) : route(request, connection)
})

function remainingOf(request: Request): number | undefined {
  const verdict = verdictOf(request)
  const decision = verdict?.kind === 'allow' ? verdict.decisions[0]?.decision : undefined
  return decision?.kind === 'allowed' ? decision.remaining : undefined
}

/** What a search costs: a whole number from 1, whatever the client sends. Any other cost is a fault, and answered with 500. */
function depthOf(request: Request): number {
  const depth = Number(new URL(request.url).searchParams.get('depth') ?? 1)
  return Number.isSafeInteger(depth) && depth >= 1 ? depth : 1
}
