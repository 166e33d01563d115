import type { IncomingMessage, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastifyCookie from '@fastify/cookie'
import fastifySession from '@fastify/session'
import type { HttpBindings } from '@hono/node-server'
import { createAdaptorServer } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import express from 'express'
import expressSession from 'express-session'
import Fastify from 'fastify'
import type { MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import type { Session } from 'hono-sessions'
import { MemoryStore, sessionMiddleware } from 'hono-sessions'
import { getIronSession } from 'iron-session'
import Koa from 'koa'
import koaSession from 'koa-session'
import { describe, expect, it } from 'vitest'
import { rateLimit as limitExpress } from '../../src/adapters/express.js'
import { rateLimit as limitFastify } from '../../src/adapters/fastify.js'
import { rateLimit as limitFetch } from '../../src/adapters/fetch.js'
import { rateLimit as limitHono } from '../../src/adapters/hono.js'
import { rateLimit as limitKoa } from '../../src/adapters/koa.js'
import type { Guard } from '../../src/guard.js'
import { createGuard } from '../../src/guard.js'
import { clientIp } from '../../src/identity/client-ip.js'
import { session } from '../../src/identity/session.js'
import { memoryStore } from '../../src/store/memory/memory.js'
import type { AdapterServer } from '../../src/testing/adapter-scene.js'
import { send } from '../../src/testing/raw-client.js'
import { listening } from '../listening.js'

/**
 * Starts an application behind the guard: `/login?as=NAME&plan=PLAN` begins a session with `user` and `group`, every
 * other path answers 200.
 */
type MakeServer = (guard: Guard) => Promise<AdapterServer>

const SECRET = 'a-secret-of-more-than-thirty-two-characters'

interface User {
  readonly user: string
  readonly group: string | undefined
}

function userIn(url: string): User | undefined {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1')
  if (pathname !== '/login') return undefined
  return { user: searchParams.get('as') ?? '', group: searchParams.get('plan') ?? undefined }
}

const FRAMEWORKS: Readonly<Record<string, MakeServer>> = {
  'express-session': (guard) => {
    const app = express()
      .use(expressSession({ secret: SECRET, resave: false, saveUninitialized: false }))
      .use(limitExpress(guard), (request, response) => {
        Object.assign(request.session, userIn(request.url))
        response.send('ok')
      })
    return listening(createServer(app))
  },

  '@fastify/session': async (guard) => {
    const app = Fastify({ forceCloseConnections: true })
    app.register(fastifyCookie)
    app.register(fastifySession, { secret: SECRET, saveUninitialized: false, cookie: { secure: false } })
    app.register(limitFastify(guard))
    app.get('/*', (request, reply) => {
      Object.assign(request.session, userIn(request.url))
      reply.send('ok')
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
  },

  'koa-session': (guard) => {
    const app = new Koa()
    app.keys = [SECRET]
    app.use(koaSession(app))
    app.use(limitKoa(guard))
    app.use((context) => {
      Object.assign(context.session ?? {}, userIn(context.url))
      context.body = 'ok'
    })
    return listening(createServer(app.callback()))
  },

  'hono-sessions': (guard) => {
    const app = new Hono<{ Variables: { session: Session<Partial<User>> } }>()
    app.use(sessionMiddleware({ store: new MemoryStore() }) as MiddlewareHandler)
    app.use(
      limitHono(guard, {
        address: (c) => getConnInfo(c).remote.address,
        session: (c) => ({ user: c.get('session').get('user'), group: c.get('session').get('group') }),
      }),
    )
    app.get('/*', (c) => {
      const { user, group } = userIn(c.req.url) ?? {}
      if (user !== undefined) c.var.session.set('user', user)
      if (group !== undefined) c.var.session.set('group', group)
      return c.text('ok')
    })
    return listening(createAdaptorServer({ fetch: app.fetch }) as Server)
  },

  'iron-session, on Hono': (guard) => {
    const app = new Hono<{ Variables: { session: Awaited<ReturnType<typeof getIronSession<Partial<User>>>> } }>()
    const options = { password: SECRET, cookieName: 'session', cookieOptions: { secure: false } }
    app.use(async (c, next) => {
      c.set('session', await getIronSession<Partial<User>>(c.req.raw, c.res, options))
      await next()
    })
    app.use(limitHono(guard, { address: (c) => getConnInfo(c).remote.address, session: (c) => c.get('session') }))
    app.get('/*', async (c) => {
      const user = userIn(c.req.url)
      if (user !== undefined) {
        Object.assign(c.var.session, user)
        await c.var.session.save()
      }
      return c.text('ok')
    })
    return listening(createAdaptorServer({ fetch: app.fetch }) as Server)
  },

  'iron-session, by the Fetch standard': (guard) => {
    const options = { password: SECRET, cookieName: 'session', cookieOptions: { secure: false } }
    const sessionOf = (request: Request, response = new Response()) =>
      getIronSession<Partial<User>>(request, response, options)
    const limit = limitFetch<[HttpBindings]>(guard, {
      address: (_, { incoming }) => incoming.socket.remoteAddress,
      session: (request) => sessionOf(request),
    })
    const handler = limit(async (request) => {
      const response = new Response('ok')
      const user = userIn(request.url)
      if (user !== undefined) {
        const session = await sessionOf(request, response)
        Object.assign(session, user)
        await session.save()
      }
      return response
    })
    const fetch = (request: Request, bindings: object) => handler(request, bindings as HttpBindings)
    return listening(createAdaptorServer({ fetch }) as Server)
  },
}

const guard = () =>
  createGuard({
    rules: [
      { name: 'gold', path: '/towns', group: 'gold', quotas: '3/minute' },
      { name: 'others', path: '/towns', quotas: '2/minute' },
    ],
    identity: [session(), clientIp()],
    store: memoryStore(),
  })

describe.each(Object.entries(FRAMEWORKS))('a session of %s', (_, makeServer) => {
  it('gives a user who has logged in a budget of their own, by their group', async () => {
    const { port, close } = await makeServer(guard())
    const cookieOf = async (query: string) => cookies((await send(port, `/login?${query}`)).headers)
    const statuses = async (count: number, cookie = '') => {
      const headers: Record<string, string> = cookie === '' ? {} : { cookie }
      const seen: number[] = []
      for (let i = 0; i < count; i++) seen.push((await send(port, '/towns', { headers })).status)
      return seen
    }
    try {
      const [alice, bob] = [await cookieOf('as=alice&plan=gold'), await cookieOf('as=bob')]
      expect(await statuses(4, alice)).toEqual([200, 200, 200, 429])
      expect(await statuses(3, bob)).toEqual([200, 200, 429])
      expect(await statuses(3)).toEqual([200, 200, 429])
      expect(await statuses(1, await cookieOf('as=alice&plan=gold'))).toEqual([429])
    } finally {
      await close()
    }
  })
})

/** What a browser would send back. */
function cookies(headers: IncomingMessage['headers']): string {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
}
