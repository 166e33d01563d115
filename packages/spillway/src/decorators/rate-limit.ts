import { isPromise } from '../core/awaitable.js'
import type { Decision } from '../core/decision.js'
import { integerOption, onlyOptions } from '../core/options.js'
import type { Units } from '../core/units.js'
import type { Limiter, LimiterOptions } from '../limiter.js'
import { createLimiter } from '../limiter.js'
import { LimitExceeded } from './limit-exceeded.js'

/** Who pays for a call, and how much. */
export interface DecoratorOptions<Self, Args extends unknown[]> {
  /** The partition that pays for a call, of its arguments and its `this`. Default: all calls share one. */
  readonly by?: (this: Self, ...args: Args) => string
  /** How many units a call takes. Default 1. */
  readonly cost?: Units
}

/** The same, for a limiter that the decorator makes itself. */
export interface QuotaDecoratorOptions<Self, Args extends unknown[]>
  extends DecoratorOptions<Self, Args>,
    Pick<LimiterOptions, 'block'> {}

type Method<This, Args extends unknown[], Result> = (this: This, ...args: Args) => Result

/** What a decorator is given beside the method; nothing fits where `by` cannot take what the method is called with. */
type Context<This, Args extends unknown[], Given extends unknown[], Result> = Given extends [...Args, ...unknown[]]
  ? ClassMethodDecoratorContext<This, Method<This, Given, Result>>
  : 'by takes other parameters than the method'

/** Decorates a method whose first parameters are those that `by` takes. */
export type MethodLimit<Self, Args extends unknown[]> = <This extends Self, Given extends unknown[], Result>(
  method: Method<This, Given, Result>,
  context: Context<This, Args, Given, Result>,
) => Method<This, Given, Result>

/** Decorates a method that answers later, as a limiter's store may. */
export type AsyncMethodLimit<Self, Args extends unknown[]> = <This extends Self, Given extends unknown[], Result>(
  method: Method<This, Given, Promise<Result>>,
  context: Context<This, Args, Given, Promise<Result>>,
) => Method<This, Given, Promise<Result>>

/**
 * Limits a method of a class: `@rateLimit('10/minute', { by: (user: string) => user })`, or by a limiter, such as one
 * on Redis, for methods that give a promise. Each call is charged before the method runs. What is refused throws a
 * `LimitExceeded`, and rejects with it where the method is `async`. So does the `StoreError` of a limiter with
 * `onStoreFailure: 'deny'`. Throws a `TypeError` where it is put on something that is no method, for what is neither
 * quotas nor a limiter, and for an option that there is none of, a `RangeError` for a cost that is no whole number from
 * 1, and as `createLimiter` does.
 */
export function rateLimit<Self = unknown, Args extends unknown[] = []>(
  quotas: string,
  options?: QuotaDecoratorOptions<Self, Args>,
): MethodLimit<Self, Args>
export function rateLimit<Self = unknown, Args extends unknown[] = []>(
  limiter: Limiter,
  options?: DecoratorOptions<Self, Args>,
): AsyncMethodLimit<Self, Args>
export function rateLimit<Self, Args extends unknown[]>(
  limit: string | Limiter,
  options: QuotaDecoratorOptions<Self, Args> = {},
): MethodLimit<Self, Args> {
  checkOptions(options)
  const limiter = limiterOf(limit, options)
  return (method, context) => {
    const name = checkedName(method, context)
    return rejecting(method, limited(limiter, options, method, name))
  }
}

/** Before any call: without what is misspelt, or of another type, all calls might share one partition, or none be blocked. */
function checkOptions(options: QuotaDecoratorOptions<never, never>): void {
  onlyOptions('rateLimit', options, ['by', 'cost', 'block'])
  const { by, cost } = options
  if (cost !== undefined) integerOption(cost, 1, Number.MAX_SAFE_INTEGER, 'rateLimit: cost')
  if (by !== undefined && typeof by !== 'function')
    throw new TypeError(`rateLimit: by: expected a function of the method's arguments, not ${typeof by}`)
}

function limiterOf(limit: string | Limiter, { block }: Pick<LimiterOptions, 'block'>): Limiter {
  if (typeof limit === 'string') return createLimiter({ quotas: limit, ...(block !== undefined && { block }) })
  // By its shape: a limiter may be another copy's of this package, or stand before one.
  if (typeof (limit as Partial<Limiter> | null | undefined)?.charge !== 'function')
    throw new TypeError('rateLimit: expected quotas such as 10/minute, or a limiter that createLimiter made')
  if (block === undefined) return limit
  throw new TypeError('block is for a limit given as quotas: a limiter has its own')
}

/**
 * The method's name. What is wrong with its place is told where it stands: a limit that was never there would be missed
 * too late.
 */
function checkedName(method: unknown, context: unknown): string {
  if (typeof context !== 'object' || context === null || !('kind' in context && 'name' in context)) {
    throw new TypeError('rateLimit is a standard decorator (TC39): compile without experimentalDecorators')
  }
  if (context.kind === 'method' && typeof method === 'function') return String(context.name)
  throw new TypeError(`rateLimit limits methods, not a ${String(context.kind)}`)
}

/** The method behind its limit. Where the limiter answers later, so does the method. */
function limited<Self, This extends Self, Args extends unknown[], Given extends unknown[], Result>(
  limiter: Limiter,
  { by, cost = 1 }: DecoratorOptions<Self, Args>,
  method: Method<This, Given, Result>,
  name: string,
): Method<This, Given, Result> {
  return function (...given) {
    // Types hold the method's first parameters to those of `by`; what follows them it does not see.
    const partition = by === undefined ? 'everyone' : by.apply(this, given as unknown[] as Args)
    const decision = limiter.charge(partition, { cost })
    if (isPromise(decision)) {
      return decision.then((later) => {
        admit(limiter, later, name)
        return method.apply(this, given)
      }) as Result
    }
    admit(limiter, decision, name)
    return method.apply(this, given)
  }
}

/** Throws unless a call may pass. */
function admit({ onStoreFailure }: Limiter, decision: Decision, name: string): void {
  switch (decision.kind) {
    case 'allowed':
      return
    case 'unknown':
      if (onStoreFailure === 'deny') throw decision.cause
      return
    case 'denied':
    case 'blocked':
    case 'impossible':
      throw new LimitExceeded(name, decision)
  }
}

/** An `async` method never throws, it rejects. What stands in for one is `async` too, so that the next decorator sees it. */
function rejecting<This, Args extends unknown[], Result>(
  method: Method<This, Args, Result>,
  guarded: Method<This, Args, Result>,
): Method<This, Args, Result> {
  if (Object.prototype.toString.call(method) !== '[object AsyncFunction]') return named(guarded, method)
  const later = async function (this: This, ...args: Args) {
    return await guarded.apply(this, args)
  }
  return named(later as Method<This, Args, Result>, method)
}

/** The method's own name and number of parameters stay, for whoever looks at it next. */
function named<T extends object>(made: T, { name, length }: { readonly name: string; readonly length: number }): T {
  return Object.defineProperties(made, {
    name: { value: name, configurable: true },
    length: { value: length, configurable: true },
  })
}
