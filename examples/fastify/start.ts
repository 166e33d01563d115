/**
 * A shop's API on Fastify: `npx tsx examples/fastify/start.ts`, then
 *
 *     curl -i http://127.0.0.1:3000/towns                          # 20 a minute for each client
 *     curl -i 'http://127.0.0.1:3000/search?depth=5'               # costs as much as it is deep
 *     curl -i -X POST 'http://127.0.0.1:3000/login?password=wrong' # three wrong guesses a minute, right ones are free
 *     curl -i http://127.0.0.1:3000/reports/year                   # two a minute for all reports together
 *     curl -i http://127.0.0.1:3000/health                         # as often as you like
 */
import type { AddressInfo } from 'node:net'
import type { FastifyPluginCallback, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import { createGuard, memoryStore } from 'spillway'
import { rateLimit, verdictOf } from 'spillway/fastify'
import { clientIp, header } from 'spillway/identity'

const guard = createGuard({
  rules: [
    { name: 'partners', path: '/**', group: 'partner', quotas: '100/minute' },
    { name: 'search', path: '/search', quotas: '10/minute' },
    { name: 'all', path: '/**', quotas: '20/minute' },
  ],
  identity: [header({ name: 'x-api-key', groups: { 'key-of-mia': 'partner' } }), clientIp()],
  costs: { search: ({ request }) => depthOf(request as FastifyRequest) },
  store: memoryStore(),
})

/** The hook of a plugin holds in the context that it is registered in: these routes share two a minute. */
const reports: FastifyPluginCallback = (group, _options, done) => {
  group.register(rateLimit('2/minute', { name: 'reports' }))
  group.get('/year', async () => ({ report: 'year' }))
  group.get('/month', async () => ({ report: 'month' }))
  done()
}

const app = Fastify()
app.register(rateLimit(guard))
app.register(reports, { prefix: '/reports' })

app.get('/towns', (request, reply) => {
  const verdict = verdictOf(request)
  const decision = verdict?.kind === 'allow' ? verdict.decisions[0]?.decision : undefined
  const remaining = decision?.kind === 'allowed' ? decision.remaining : undefined
  reply.send({ towns: ['Bergen', 'Tartu'], remaining })
})
app.get('/search', async (request) => ({ depth: depthOf(request) }))
app.get('/health', { config: { rateLimit: false } }, async () => ({ up: true }))

const guesses = { limit: '3/minute', name: 'guesses', charge: { when: 'response', on: 401 } } as const
app.post('/login', { config: { rateLimit: guesses } }, (request, reply) => {
  const { password } = request.query as { password?: string }
  reply.code(password === 'correct' ? 200 : 401).send({ welcome: password === 'correct' })
})

/** What a search costs: a whole number from 1, whatever the client sends. Any other cost is a fault, and answered with 500. */
function depthOf(request: FastifyRequest): number {
  const depth = Number((request.query as { depth?: string }).depth ?? 1)
  return Number.isSafeInteger(depth) && depth >= 1 ? depth : 1
}

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })
console.log(`listening on http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
