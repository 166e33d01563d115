import type { CanActivate, ExecutionContext } from '@nestjs/common'
import { after, isPromise } from '../../core/awaitable.js'
import { onlyOptions } from '../../core/options.js'
import type { Awaitable } from '../../core/units.js'
import type { Guard } from '../../guard/guard-of.js'
import type { RouteLimit } from '../../guard/route-limit.js'
import { guardFrom, isGuard } from '../../guard/route-limit.js'
import type { NestHooks, RateLimitException } from './answering.js'
import { answerRefusal, conclude, isAnswered } from './answering.js'
import type { Asked, NestRequest, NestResponse } from './asked.js'
import { askedOf, askedOver } from './asked.js'
import type { Class, DecoratedLimit, RouteDefaults } from './decorators.js'
import { limitsOf } from './decorators.js'

/**
 * What an application is limited by. `store` and `identity` are for limits given as quotas: this one, and those of
 * decorators.
 */
export interface SpillwayModuleOptions extends NestHooks, RouteDefaults {
  /** Limits every request, whatever answers it, and every message. Absent: only what is decorated is limited. */
  readonly limit?: RouteLimit<NestRequest>
}

const OPTIONS = [
  'limit',
  'store',
  'identity',
  'onDenied',
  'onIdentityError',
] as const satisfies readonly (keyof SpillwayModuleOptions)[]

/** One application's limits. */
export interface Front extends CanActivate {
  /** Whether an HTTP request passes the limit of the whole application: not where others have answered it meanwhile. */
  admit(request: NestRequest, response: NestResponse): Awaitable<boolean>
  /** Answers a handler's refusal over HTTP. */
  refuse(refusal: RateLimitException, request: NestRequest, response: NestResponse): Awaitable<unknown>
}

/** Makes the limits of an application. Throws as `createGuard` does. */
export function frontOf(options: SpillwayModuleOptions): Front {
  onlyOptions('SpillwayModule', options, OPTIONS)
  const defaults = {
    ...(options.store && { store: options.store }),
    ...(options.identity && { identity: options.identity }),
  }
  const whole = wholeGuard(options, defaults)
  const guardOfLimit = decoratedGuards(defaults)

  return {
    admit(request, response) {
      if (whole === undefined) return true
      const asked = askedOver(request, response)
      if (asked.raw !== undefined) (asked.raw.rawHeaders as Lines)[SEEN] = true
      return after(decide(whole, asked), (refusal) =>
        refusal === undefined
          ? !isAnswered(response)
          : after(answerRefusal(refusal, options, request, response), () => false),
      )
    },
    refuse: (refusal, request, response) => answerRefusal(refusal, options, request, response),
    canActivate(context: ExecutionContext) {
      const { skips, limits } = limitsOf(context.getClass() as Class, context.getHandler())
      if (skips) return true
      const decorated = limits.map(guardOfLimit)
      if (whole === undefined && decorated.length === 0) return true
      const asked = askedOf(context)
      // A message counts anew; and a route that looked as if it were skipped may not be.
      const counted = whole === undefined || isSeen(asked)
      const passed = pass(counted ? decorated : [whole, ...decorated], asked)
      const type: string = context.getType()
      return after(passed, (refusal) => (refusal === undefined ? true : thrown(refusal, type)))
    },
  }
}

const SEEN = Symbol('spillway.seen')

/**
 * Kept where verdicts are, and for the same reason: a set of requests, which all die young, would cost the garbage
 * collector.
 */
interface Lines {
  [SEEN]?: true
}

function isSeen({ raw, response }: Asked): boolean {
  return response !== undefined && (raw?.rawHeaders as Lines | undefined)?.[SEEN] === true
}

function wholeGuard({ limit }: SpillwayModuleOptions, defaults: RouteDefaults): Guard | undefined {
  if (limit === undefined) return undefined
  return guardFrom(limit, isGuard(limit) ? {} : { name: 'app', ...defaults })
}

/** The guard of each decorated limit, made once. On the module's store two may share a name only where both say it. */
function decoratedGuards(defaults: RouteDefaults): (limit: DecoratedLimit) => Guard {
  const guards = new Map<DecoratedLimit, Guard>()
  const taken = new Set<string>()
  return (limit) => {
    const known = guards.get(limit)
    if (known !== undefined) return known
    if (defaults.store !== undefined && !limit.shares) {
      if (taken.has(limit.name)) throw new TypeError(`two limits are called ${limit.name}: pass a name to one of them`)
      taken.add(limit.name)
    }
    const guard = limit.guard(defaults)
    guards.set(limit, guard)
    return guard
  }
}

/** One after the other: a limit that refuses leaves those behind it untouched. */
function pass(guards: readonly Guard[], asked: Asked): Awaitable<RateLimitException | undefined> {
  return guards.reduce<Awaitable<RateLimitException | undefined>>(
    (before, guard) => after(before, (refusal) => refusal ?? decide(guard, asked)),
    undefined,
  )
}

/** A gateway tells its client of exceptions of its own kind only. Where there is one, its package is installed. */
async function thrown(refusal: RateLimitException, type: string): Promise<never> {
  if (type !== 'ws') throw refusal
  const { WsException } = await import('@nestjs/websockets')
  throw new WsException({ status: 'error', message: refusal.message, problem: refusal.getResponse() })
}

function decide(guard: Guard, asked: Asked): Awaitable<RateLimitException | undefined> {
  const verdict = guard.decide(asked.description)
  return isPromise(verdict) ? verdict.then((later) => conclude(guard, later, asked)) : conclude(guard, verdict, asked)
}
