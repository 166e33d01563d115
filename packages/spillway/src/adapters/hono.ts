import type { Context, MiddlewareHandler } from 'hono'
import { isPromise } from '../core/awaitable.js'
import type { Awaitable } from '../core/units.js'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom } from '../guard/route-limit.js'
import { answerOf } from '../http/answer.js'
import type { Field } from '../http/fields.js'
import type { IdentityError, RequestDescription } from '../identity/identity.js'
import type { Deny, Malformed, Undecided, Verdict } from '../verdict.js'
import { refusal, settled, targetOf, withFields } from './fetch-answer.js'
import { tellNode } from './hono-node.js'

/** How requests are read and refusals answered. */
export interface HonoOptions extends RouteLimitOptions<Context> {
  /**
   * The peer address of the connection, from what the runtime tells: `(c) => getConnInfo(c).remote.address`, with
   * `getConnInfo` of its adapter. Absent: unknown, so that all anonymous requests share one budget.
   */
  readonly address?: (context: Context) => string | undefined
  /** Where a session middleware keeps the session. Default: nowhere. */
  readonly session?: (context: Context) => unknown
  /**
   * Replaces the answer to a refusal, of every kind but that of an identity. Fields that it does not set are added, and
   * the status is its own.
   */
  readonly onDenied?: (verdict: Deny | Undecided | Malformed, context: Context) => Awaitable<Response>
  /** For a request that is answered with 401: a source refused it, or nobody knows who asks. */
  readonly onIdentityError?: (error: IdentityError, context: Context) => Awaitable<Response>
}

/**
 * Limits a Hono application by a guard, or one route by quotas: `app.use(rateLimit(guard, { address }))`,
 * `app.post('/login', rateLimit('5/minute', { name: 'login', address }), handler)`. Where it is mounted plays no part in
 * how paths match: rules see the whole path. What a broken guard throws goes to `app.onError`. Throws as `createGuard`
 * does.
 */
export function rateLimit(limit: RouteLimit<Context>, options: HonoOptions = {}): MiddlewareHandler {
  const guard = guardFrom(limit, options, ['address', 'session', 'onDenied', 'onIdentityError'])
  return (context, next) => {
    const description = describe(context, options)
    const conclude = (verdict: Verdict): ReturnType<MiddlewareHandler> => {
      keep(context, verdict)
      const answer = answerOf(verdict, description, guard.answering)
      const fields = tellNode(context.env, answer)
      if (answer.kind === 'refuse') return refuse({ ...answer, fields }, verdict, context, options)
      const passed = guard.settles ? settled(guard, verdict, context.req.raw, () => respond(context, next)) : next()
      return fields.length === 0 ? passed : passed.then(() => tell(context, fields))
    }
    const verdict = guard.decide(description)
    return isPromise(verdict) ? verdict.then(conclude) : conclude(verdict)
  }
}

const VERDICT = Symbol('spillway.verdict')

/** Where the verdict is kept: a map of contexts, which all die young, would cost the garbage collector microseconds. */
interface Kept {
  [VERDICT]?: Verdict
}

function keep(context: Context & Kept, verdict: Verdict): void {
  context[VERDICT] = verdict
}

/** The latest verdict on the request of a context; absent where no limit has seen it. */
export function verdictOf(context: Context): Verdict | undefined {
  return (context as Kept)[VERDICT]
}

function describe(context: Context, { address, session }: HonoOptions): RequestDescription {
  const { raw } = context.req
  return {
    method: raw.method,
    target: targetOf(raw.url),
    address: address?.(context),
    header: (name) => raw.headers.get(name) ?? undefined,
    session: session?.(context),
    request: context,
  }
}

async function respond(context: Context, next: () => Promise<void>): Promise<Response> {
  await next()
  return context.res
}

/** Refuses by fields that come last: Hono puts what others have said of the response above what it is given. */
async function refuse(...[answer, verdict, context, hooks]: Parameters<typeof refusal<Context>>): Promise<void> {
  const { response, fields } = await refusal(answer, verdict, context, hooks)
  context.res = response
  tell(context, fields)
}

/** Puts fields on the response. One whose headers are immutable is replaced, and Hono would merge the two. */
function tell(context: Context, fields: readonly Field[]): void {
  const response = context.res
  const told = withFields(response, fields)
  if (told === response) return
  context.res = undefined
  context.res = told
}
