import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Context, Middleware, Next } from 'koa'
import Koa from 'koa'
import { describe, expect, it } from 'vitest'
import { listening } from '../../test/listening.js'
import { twoChunks } from '../../test/two-chunks.js'
import { createGuard } from '../guard.js'
import { memoryStore } from '../store/memory/memory.js'
import type { AdapterSetup } from '../testing/adapter-scene.js'
import { guessOptions, planLimit } from '../testing/adapter-scene.js'
import { adapterSuite } from '../testing/adapter-suite.js'
import { send } from '../testing/raw-client.js'
import type { KoaHooks } from './koa.js'
import { rateLimit, verdictOf } from './koa.js'

const hooks: KoaHooks<Context> = {
  onDenied: ({ kind }, context) => {
    context.body = `denied: ${kind}`
  },
  onIdentityError: ({ code }, context) => {
    context.body = `identity: ${code}`
  },
}

const plan = planLimit((context: Context, name) => context.get(name) || undefined)

function routes(resume: AdapterSetup['resume']): Readonly<Record<string, readonly Middleware[]>> {
  return {
    '/ok': [say('ok')],
    '/verdict': [(context) => say(verdictOf(context)?.kind)(context)],
    '/upload': [async (context) => say(String((await buffer(context.req)).length))(context)],
    '/stream': [(context) => say(twoChunks(resume))(context)],
    '/throws': [
      () => {
        throw new Error('thrown by the handler')
      },
    ],
    '/hang': [() => new Promise(() => undefined)],
    '/plan': [rateLimit(plan.limit, plan.options), say('ok')],
    '/guess': [
      rateLimit('2/minute', guessOptions),
      (context) => {
        context.status = Number(context.get('x-status') || 401)
      },
    ],
    '/login': [rateLimit('2/minute', { name: 'login' }), say('welcome')],
  }
}

function say(body: unknown): (context: Context) => void {
  return (context) => {
    context.body = body
  }
}

/** A router, as small as can be: Koa has none of its own. */
function router(handlers: Readonly<Record<string, readonly Middleware[]>>): Middleware {
  return (context, next) => {
    const [, status] = /^\/status\/(\d+)$/.exec(context.path) ?? []
    if (status !== undefined) context.status = Number(status)
    return run(handlers[context.path] ?? [], context, next)
  }
}

function run([first, ...rest]: readonly Middleware[], context: Context, next: Next): Promise<unknown> {
  return first === undefined ? next() : Promise.resolve(first(context, () => run(rest, context, next)))
}

function application({ guard, hooks: hooked, resume }: AdapterSetup): Koa {
  const app = new Koa()
  app.silent = true
  app.use(rateLimit(guard, hooked ? hooks : {}))
  app.use(router(routes(resume)))
  return app
}

adapterSuite('Koa', (setup) => listening(createServer(application(setup).callback())))

describe('rateLimit of Koa', () => {
  const guard = () => createGuard({ rules: [{ name: 'all', path: '/**', quotas: '1/minute' }], store: memoryStore() })

  it('shows what is around it the refusal as its own', async () => {
    const seen: unknown[] = []
    const app = new Koa()
      .use(async (context, next) => {
        await next()
        seen.push(context.status, typeof context.body)
      })
      .use(rateLimit(guard()))
      .use(say('ok'))
    const { port, close } = await listening(createServer(app.callback()))
    await send(port, '/')
    await send(port, '/')
    expect(seen).toEqual([200, 'string', 429, 'string'])
    await close()
  })

  it('waits for a hook that answers later', async () => {
    const app = new Koa()
      .use(
        rateLimit(guard(), {
          onDenied: async ({ kind }, context) => {
            await Promise.resolve()
            context.body = `later: ${kind}`
          },
        }),
      )
      .use(say('ok'))
    const { port, close } = await listening(createServer(app.callback()))
    await send(port, '/')
    expect(await send(port, '/')).toMatchObject({ status: 429, body: 'later: deny' })
    await close()
  })
})
