import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Express } from 'express'
import express from 'express'
import express4 from 'express4'
import { describe, expect, it } from 'vitest'
import { listening } from '../../test/listening.js'
import { createGuard } from '../guard.js'
import type { IdentitySource } from '../identity/identity.js'
import { memoryStore } from '../store/memory/memory.js'
import type { AdapterSetup } from '../testing/adapter-scene.js'
import { guessOptions, planLimit } from '../testing/adapter-scene.js'
import { adapterSuite } from '../testing/adapter-suite.js'
import { send } from '../testing/raw-client.js'
import type { ExpressRequest } from './express.js'
import { rateLimit, verdictOf } from './express.js'
import type { NodeHooks } from './node.js'

const hooks: NodeHooks<ExpressRequest> = {
  onDenied: ({ kind }, _, response) => response.end(`denied: ${kind}`),
  onIdentityError: ({ code }, _, response) => response.end(`identity: ${code}`),
}

const plan = planLimit((request: ExpressRequest, name) => request.headers[name]?.toString())

function application(app: Express, { guard, hooks: hooked, resume }: AdapterSetup): Express {
  app.set('env', 'test')
  app.use(rateLimit(guard, hooked ? hooks : {}))
  app.get('/ok', (_, response) => void response.send('ok'))
  app.get('/verdict', (request, response) => void response.send(verdictOf(request)?.kind))
  app.post('/upload', async (request, response) => void response.send(String((await buffer(request)).length)))
  app.get('/stream', async (_, response) => {
    response.write('one')
    await resume
    response.end('two')
  })
  app.get('/throws', () => {
    throw new Error('thrown by the handler')
  })
  app.get('/hang', () => undefined)
  app.get('/status/:status', (request, response) => void response.status(Number(request.params.status)).end())
  app.get('/plan', rateLimit(plan.limit, plan.options), (_, response) => void response.send('ok'))
  app.get('/guess', rateLimit('2/minute', guessOptions), (request, response) => {
    response.status(Number(request.get('x-status') ?? 401)).end()
  })
  app.get('/login', rateLimit('2/minute', { name: 'login' }), (_, response) => void response.send('welcome'))
  return app
}

adapterSuite('Express 5', (setup) => listening(createServer(application(express(), setup))))
adapterSuite('Express 4', (setup) => listening(createServer(application(express4(), setup))))

describe('rateLimit of Express', () => {
  it('shows rules the whole path wherever it is mounted', async () => {
    const store = memoryStore()
    const guard = createGuard({ rules: [{ name: 'towns', path: '/api/towns', quotas: '1/minute' }], store })
    const app = express().use('/api', rateLimit(guard), (_, response) => void response.send('ok'))
    const { port, close } = await listening(createServer(app))
    expect((await send(port, '/api/towns')).status).toBe(200)
    expect((await send(port, '/api/towns')).status).toBe(429)
    await close()
  })

  it('hands the session to the sources', async () => {
    const bySession: IdentitySource = ({ session }) => ({
      kind: 'user',
      user: (session as { user: string }).user,
      group: 'default',
    })
    const guard = createGuard({
      rules: [{ name: 'all', path: '/**', quotas: '1/minute' }],
      identity: [bySession],
      store: memoryStore(),
    })
    const app = express()
      .use((request, _, next) => {
        Object.assign(request, { session: { user: request.query.as } })
        next()
      })
      .use(rateLimit(guard), (_, response) => void response.send('ok'))
    const { port, close } = await listening(createServer(app))
    expect((await send(port, '/?as=alice')).status).toBe(200)
    expect((await send(port, '/?as=alice')).status).toBe(429)
    expect((await send(port, '/?as=bob')).status).toBe(200)
    await close()
  })
})
