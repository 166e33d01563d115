/**
 * A shop's API on Express: `npx tsx examples/express/start.ts`, then
 *
 *     curl -i http://127.0.0.1:3000/towns                          # 20 a minute for each client
 *     curl -i 'http://127.0.0.1:3000/search?depth=5'               # costs as much as it is deep
 *     curl -i -X POST 'http://127.0.0.1:3000/login?password=wrong' # three wrong guesses a minute, right ones are free
 *     curl -i http://127.0.0.1:3000/reports/year                   # two a minute for all reports together
 *     curl -i http://127.0.0.1:3000/health                         # as often as you like
 */
import type { AddressInfo } from 'node:net'
import type { Request } from 'express'
import express from 'express'
import { createGuard, memoryStore } from 'spillway'
import { rateLimit, verdictOf } from 'spillway/express'
import { clientIp, header } from 'spillway/identity'

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

const app = express()
app.use(rateLimit(guard))

app.get('/towns', (request, response) => {
  const verdict = verdictOf(request)
  const decision = verdict?.kind === 'allow' ? verdict.decisions[0]?.decision : undefined
  const remaining = decision?.kind === 'allowed' ? decision.remaining : undefined
  response.json({ towns: ['Bergen', 'Tartu'], remaining })
})
app.get('/search', (request, response) => void response.json({ depth: depthOf(request) }))
app.get('/health', (_request, response) => void response.json({ up: true }))

const guesses = rateLimit('3/minute', { name: 'guesses', charge: { when: 'response', on: 401 } })
app.post('/login', guesses, (request, response) => {
  const correct = request.query.password === 'correct'
  response.status(correct ? 200 : 401).json({ welcome: correct })
})

/** These routes share two a minute. */
const reports = express.Router()
reports.use(rateLimit('2/minute', { name: 'reports' }))
reports.get('/year', (_request, response) => void response.json({ report: 'year' }))
reports.get('/month', (_request, response) => void response.json({ report: 'month' }))
app.use('/reports', reports)

/** What a search costs: a whole number from 1, whatever the client sends. Any other cost is a fault, and answered with 500. */
function depthOf(request: Request): number {
  const depth = Number(request.query.depth ?? 1)
  return Number.isSafeInteger(depth) && depth >= 1 ? depth : 1
}

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
