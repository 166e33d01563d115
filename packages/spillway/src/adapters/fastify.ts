import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import { after, isPromise } from '../core/awaitable.js'
import type { Awaitable } from '../core/units.js'
import type { Guard } from '../guard/guard-of.js'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom, isGuard } from '../guard/route-limit.js'
import type { Answer } from '../http/answer.js'
import { answerOf } from '../http/answer.js'
import { EXPOSED, isListField } from '../http/fields.js'
import type { RequestDescription } from '../identity/identity.js'
import type { Verdict } from '../verdict.js'
import { describe, keepVerdict, verdictOf as onNode, settleLater } from './node-request.js'
import type { RefusalHooks } from './refusal-hooks.js'

/**
 * What may replace the body of a refusal: it sends the reply, or gives what is to be sent. Status and fields are set by
 * then, all but `Content-Type`.
 */
export interface FastifyHooks extends RefusalHooks<FastifyRequest, FastifyReply> {}

const HOOKS = ['onDenied', 'onIdentityError'] as const satisfies readonly (keyof FastifyHooks)[]

/** What a limit is run with. */
export interface FastifyOptions extends FastifyHooks, RouteLimitOptions<FastifyRequest> {}

/** A limit on one route, beside that of the plugin; `false` exempts the route from every limit of this adapter. */
export type FastifyRouteLimit =
  | false
  | RouteLimit<FastifyRequest>
  | (FastifyOptions & { readonly limit: RouteLimit<FastifyRequest> })

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Read where the plugin of `spillway/fastify` is registered. */
    rateLimit?: FastifyRouteLimit
  }
}

/**
 * A plugin that limits by a guard, or by quotas: the context that it is registered in, and those inside, 404s too. Routes
 * there may have a limit of their own, whichever is declared first:
 *
 * ```ts
 * app.register(rateLimit(guard))
 * app.post('/login', { config: { rateLimit: { limit: '5/minute', name: 'login' } } }, handler)
 * ```
 *
 * Fastify's `trustProxy` plays no part: `clientIp` has its own `trustedProxies`. Throws as `createGuard` does; for a route
 * the application does not start.
 */
export function rateLimit(limit: RouteLimit<FastifyRequest>, options: FastifyOptions = {}): FastifyPluginCallback {
  const whole = { guard: guardFrom(limit, options, HOOKS), hooks: options }
  const plugin: FastifyPluginCallback = (instance, _, done) => {
    const routeLimit = routeLimits()
    instance.addHook('onRoute', ({ config, method, url }) => {
      routeLimit({ ...config, method, url })
    })
    instance.addHook('onRequest', (request, reply, passOn) => {
      // A hook of the application may fail when the status of the refusal is set already.
      const fail = (error: Error) => {
        reply.code(500)
        passOn(error)
      }
      let passes: Awaitable<boolean>
      try {
        passes = admit(whole, routeLimit, request, reply)
      } catch (error) {
        return fail(error as Error)
      }
      if (isPromise(passes)) passes.then((later) => later && passOn(), fail)
      else if (passes) passOn()
    })
    done()
  }
  // As fastify-plugin does: hooks belong to the context that registers the plugin.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'spillway',
  })
}

/** The latest verdict on a request; absent where no limit has seen it. */
export function verdictOf({ raw }: Pick<FastifyRequest, 'raw'>): Verdict | undefined {
  return onNode(raw)
}

interface Limit {
  readonly guard: Guard
  readonly hooks: FastifyHooks
}

/** What Fastify tells of a route. */
interface RouteConfig {
  readonly method?: string | readonly string[]
  readonly url?: string
  readonly rateLimit?: FastifyRouteLimit
}

/** Finds the limit of a route: made once, and the same for the HEAD route that Fastify adds to one of GET. */
function routeLimits(): (config: RouteConfig) => Limit | undefined {
  const byConfig = new WeakMap<RouteConfig, Limit>()
  const byRoute = new Map<string, Map<FastifyRouteLimit, Limit>>()

  return (config) => {
    const { rateLimit: own, method = [], url } = config
    if (own === undefined || own === false) return undefined
    const known = byConfig.get(config)
    if (known !== undefined) return known

    const methods = [method].flat()
    const route = `${methods.includes('HEAD') || methods.includes('GET') ? 'GET' : methods} ${url}`
    const ofRoute = byRoute.get(route) ?? new Map<FastifyRouteLimit, Limit>()
    const made = ofRoute.get(own) ?? limitFrom(own)
    byRoute.set(route, ofRoute.set(own, made))
    byConfig.set(config, made)
    return made
  }
}

function limitFrom(own: Exclude<FastifyRouteLimit, false>): Limit {
  if (typeof own === 'object' && 'limit' in own) {
    const { limit, ...options } = own
    return { guard: guardFrom(limit, options, HOOKS), hooks: options }
  }
  if (typeof own === 'object' && !Array.isArray(own) && !isGuard(own))
    throw new TypeError("config.rateLimit: expected quotas, or { limit: '5/minute' } with options")
  return { guard: guardFrom(own, {}), hooks: {} }
}

/** Of several plugins around a route the first that is asked applies the route's own limit. */
function admit(
  whole: Limit,
  routeLimit: (config: RouteConfig) => Limit | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Awaitable<boolean> {
  const config: RouteConfig | undefined = request.routeOptions.config
  if (config?.rateLimit === undefined) return admitBy(whole, request, reply)
  if (config.rateLimit === false) return true
  const own = verdictOf(request) === undefined ? routeLimit(config) : undefined
  const passes = admitBy(whole, request, reply)
  return own === undefined ? passes : after(passes, (admitted) => admitted && admitBy(own, request, reply))
}

function admitBy(limit: Limit, request: FastifyRequest, reply: FastifyReply): Awaitable<boolean> {
  const description = describeFastify(request)
  const verdict = limit.guard.decide(description)
  return isPromise(verdict)
    ? verdict.then((later) => conclude(limit, later, description, request, reply))
    : conclude(limit, verdict, description, request, reply)
}

/** Puts a verdict on the reply. Returns whether the request passes: not where others have answered it meanwhile. */
function conclude(
  { guard, hooks }: Limit,
  verdict: Verdict,
  description: RequestDescription,
  request: FastifyRequest,
  reply: FastifyReply,
): Awaitable<boolean> {
  const answer = answerOf(verdict, description, guard.answering)
  const first = keepVerdict(request.raw, verdict)
  if (answer.kind === 'pass' && guard.settles) settleLater(guard, verdict, reply.raw)
  if (reply.sent) return false
  put(reply, answer, first)
  if (answer.kind === 'pass') return true

  reply.code(answer.status)
  const hook = verdict.kind === 'unidentified' ? hooks.onIdentityError : hooks.onDenied
  if (hook !== undefined) return after(replace(hooks, verdict, request, reply), (given) => sendGiven(reply, given))
  // Bytes, as Fastify adds a charset to the type of any JSON that is text.
  reply.send(answer.body === undefined ? undefined : Buffer.from(answer.body))
  return false
}

/** Where this limit is not the first, or others have their say in a field, it adds to what is told already. */
function put(reply: FastifyReply, { fields }: Answer, first: boolean): void {
  for (const [name, value] of fields) {
    const told = (first ? name === EXPOSED : isListField(name)) ? reply.getHeader(name) : undefined
    reply.header(name, told === undefined ? value : `${told}, ${value}`)
  }
}

/** As of a handler of Fastify: what a hook gives is sent, unless it has sent something itself. The request does not pass. */
function sendGiven(reply: FastifyReply, given: unknown): false {
  if (given !== undefined && given !== reply && !reply.sent) reply.send(given)
  return false
}

function replace(
  { onDenied, onIdentityError }: FastifyHooks,
  verdict: Verdict,
  request: FastifyRequest,
  reply: FastifyReply,
): Awaitable<unknown> {
  reply.removeHeader('Content-Type')
  switch (verdict.kind) {
    case 'allow':
      return undefined
    case 'unidentified':
      return onIdentityError?.(verdict.error, request, reply)
    case 'deny':
    case 'undecided':
    case 'malformed':
      return onDenied?.(verdict, request, reply)
  }
}

function describeFastify(request: FastifyRequest): RequestDescription {
  const { session } = request as { readonly session?: unknown }
  return describe(request.raw, request.originalUrl, session, request)
}
