import type { Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { All, Controller } from '@nestjs/common'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { describe, expect, it } from 'vitest'
import { listening } from '../../test/listening.js'
import { decorated, nestApplication } from '../../test/nest-application.js'
import type { Guard } from '../guard.js'
import { createGuard } from '../guard.js'
import { memoryStore } from '../store/memory/memory.js'
import { withResolvers } from '../testing/adapter-scene.js'
import { send } from '../testing/raw-client.js'
import { rateLimit as limitExpress } from './express.js'
import { rateLimit as limitFastify } from './fastify.js'
import { rateLimit as limitKoa } from './koa.js'
import { SpillwayModule } from './nest/index.js'
import { rateLimit as limitNode } from './node.js'

/** Makes a server of a guard, where `passed` gets whatever comes past that: requests, errors, warnings. */
type Make = (guard: Guard, passed: (what?: unknown) => void) => Server | Promise<Server>

const nestOn =
  (platform: 'Express' | 'Fastify'): Make =>
  async (guard, passed) => {
    class Routes {
      answer() {
        passed()
      }
    }
    const controllers = [decorated(Routes, { on: [Controller()], methods: { answer: [All('')] } })]
    const app = await nestApplication({ imports: [SpillwayModule.forRoot({ limit: guard })], controllers }, platform)
    await app.init()
    if (platform === 'Fastify') await app.getHttpAdapter().getInstance().ready()
    return app.getHttpServer()
  }

const applications: Readonly<Record<string, Make>> = {
  'node:http': (guard, passed) => {
    const limit = limitNode(guard)
    return createServer((request, response) => limit(request, response, passed))
  },
  Express: (guard, passed) => {
    const failed: express.ErrorRequestHandler = (error, _request, _response, _next) => passed(error)
    return createServer(express().use(limitExpress(guard), () => passed(), failed))
  },
  Koa: (guard, passed) => {
    const app = new Koa().on('error', passed).use(limitKoa(guard))
    return createServer(app.use(() => passed()).callback())
  },
  Fastify: async (guard, passed) => {
    const app = fastify({ logger: { level: 'warn', stream: { write: passed } } })
    await app.register(limitFastify(guard)).setErrorHandler(passed).setNotFoundHandler(passed).ready()
    return app.server
  },
  'Nest on Express': nestOn('Express'),
  'Nest on Fastify': nestOn('Fastify'),
}

/** A server whose requests are answered by 503, by others, while the guard asks who asks. */
async function answering(make: Make, quotas: string) {
  const passed: unknown[] = []
  const settled = withResolvers()
  const statuses: number[] = []
  let response: ServerResponse | undefined
  const guard = createGuard({
    rules: [{ name: 'all', path: '/**', quotas, charge: { when: 'response', on: [503] } }],
    identity: [
      () => {
        response?.writeHead(503).end('too late')
        return Promise.resolve({ kind: 'user', user: 'alice', group: 'default' })
      },
    ],
    store: memoryStore(),
  })
  const settle: Guard['settle'] = async (verdict, status) => {
    statuses.push(status)
    await guard.settle(verdict, status)
    settled.resolve()
  }
  const server = await make({ ...guard, settle }, (what) => passed.push(what))
  server.prependListener('request', (_, latest) => {
    response = latest
  })
  return { ...(await listening(server)), passed, statuses, settled: settled.promise }
}

describe.each(Object.entries(applications))('a request that is answered while the guard of %s decides', (_, make) => {
  it('goes no further, and its charge is settled by that answer', async () => {
    const { port, close, passed, statuses, settled } = await answering(make, '9/minute')
    expect(await send(port, '/')).toMatchObject({ status: 503, body: 'too late' })
    await settled
    expect({ status: statuses[0], passed }).toEqual({ status: 503, passed: [] })
    await close()
  })

  it('is not refused besides', async () => {
    const { port, close, passed } = await answering(make, '1/minute')
    for (let i = 0; i < 3; i++) expect(await send(port, '/')).toMatchObject({ status: 503, body: 'too late' })
    expect(passed).toEqual([])
    await close()
  })
})
