import type { HttpServer } from '@nestjs/common'
import { isPromise } from '../../core/awaitable.js'
import type { Awaitable } from '../../core/units.js'
import type { NestRequest, NestResponse } from './asked.js'
import { mayBeSkipped, skipsAny } from './decorators.js'
import type { Front } from './front.js'

type Next = (error?: unknown) => void
type Middleware<Request> = (request: Request, response: NestResponse, next: Next) => void

/** Puts the limit of the whole application in front of all that Nest's platform answers. */
export function limitEverything(platform: HttpServer, front: Front): void {
  if (platform.getType() === 'fastify') limitFastify(platform.getInstance(), limiting(front))
  else limitExpress(platform.getInstance(), limiting(front))
}

function limiting(front: Front): Middleware<NestRequest> {
  return (request, response, next) => {
    let passes: Awaitable<boolean>
    try {
      passes = front.admit(request, response)
    } catch (error) {
      return next(error)
    }
    if (isPromise(passes)) passes.then((later) => later && next(), next)
    else if (passes) next()
  }
}

interface FastifyRequest extends NestRequest {
  readonly routeOptions: { readonly handler?: { readonly name: string } }
}

interface FastifyApp {
  addHook(name: 'onRequest', hook: Middleware<FastifyRequest>): unknown
}

function limitFastify(app: FastifyApp, limit: Middleware<NestRequest>): void {
  app.addHook('onRequest', (request, reply, next) => {
    if (mayBeSkipped(request.routeOptions.handler?.name)) next()
    else limit(request, reply, next)
  })
}

interface ExpressRequest extends NestRequest {
  readonly method: string
  readonly path: string
}

type ErrorMiddleware = (error: unknown, request: ExpressRequest, response: NestResponse, next: Next) => void

interface ExpressApp {
  readonly router: { readonly stack: readonly ExpressLayer[] }
  use(middleware: Middleware<ExpressRequest> | ErrorMiddleware): unknown
}

/** A place in Express's router: of a route, or of middleware. */
interface ExpressLayer {
  match(path: string): unknown
  readonly route?: {
    _handlesMethod(method: string): boolean
    readonly stack: readonly { readonly handle: { readonly name: string } }[]
  }
}

function limitExpress(app: ExpressApp, limit: Middleware<NestRequest>): void {
  // A body that could not be read has brought its request here.
  const unread: ErrorMiddleware = (error, request, response, next) =>
    limit(request, response, (own) => next(own ?? error))
  const readable: Middleware<ExpressRequest> = (request, response, next) => {
    if (skipsAny() && mayBeSkipped(handlerName(app, request))) next()
    else limit(request, response, next)
  }
  app.use(unread)
  app.use(readable)
}

/** The name of the handler that the router will find first. */
function handlerName({ router }: ExpressApp, { method, path }: ExpressRequest): string | undefined {
  try {
    const layer = router.stack.find((each) => each.route?._handlesMethod(method) && each.match(path))
    return layer?.route?.stack[0]?.handle.name
  } catch {
    // A parameter with a broken percent sequence: the router will refuse it.
    return undefined
  }
}
