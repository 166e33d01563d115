import type { Guard } from '../../guard/guard-of.js'
import type { RouteLimit, RouteLimitOptions } from '../../guard/route-limit.js'
import { guardFrom, isGuard } from '../../guard/route-limit.js'

/** What a decorated limit takes from the module, where it does not say so itself. */
export type RouteDefaults = Pick<RouteLimitOptions<unknown>, 'store' | 'identity'>

/** A limit as a decorator says it. */
export interface DecoratedLimit {
  /** Its zone, and its name in header fields. */
  readonly name: string
  /** Whether it may share its counts with others of its name on the module's store. */
  readonly shares: boolean
  guard(defaults: RouteDefaults): Guard
}

/** What the decorators say of one class, or of one method. */
interface Marks {
  readonly limits: DecoratedLimit[]
  skips: boolean
}

/** By class, and by prototype and name: a decorator that puts another function in a method's place takes nothing off. */
const ofClasses = new WeakMap<object, Marks>()
const ofMethods = new WeakMap<object, Map<string | symbol, Marks>>()

/** Names of what is skipped somewhere: classes, and methods after a dot. */
const skippedNames = new Set<string>()

/** In the form of experimental decorators, which Nest uses, for classes and methods. */
export type NestDecorator = (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => void

/**
 * Limits one handler, or all handlers of a class by one pool: of controllers, resolvers and gateways. It holds wherever
 * it stands among other decorators, beside the limit of the module, and for classes that inherit. `SpillwayModule` must
 * be imported.
 *
 * ```ts
 * @RateLimit('10/minute', { by: (request: Request) => request.user?.id })
 * @Post('login')
 * login() {}
 * ```
 *
 * A limit without a name has that of its class and method. Throws as `createGuard` does, while the class is defined.
 */
export function RateLimit<Request>(
  limit: RouteLimit<Request>,
  options: RouteLimitOptions<Request> = {},
): NestDecorator {
  return (target, key) => {
    const marks = marksOf(target, key)
    const name = options.name ?? nameOf(target, key)
    const named = isGuard(limit) ? options : { ...options, name }
    const own = guardFrom(limit, named)
    marks.limits.push({
      name,
      shares: options.name !== undefined || options.store !== undefined || own === limit,
      guard: (defaults) => (own === limit ? own : guardFrom(limit, { ...defaults, ...named })),
    })
  }
}

/** Exempts one handler, or all of a class (but not of those that inherit from it), from every limit of this adapter. */
export function SkipRateLimit(): NestDecorator {
  return (target, key) => {
    marksOf(target, key).skips = true
    skippedNames.add(key === undefined ? (target as { name: string }).name : `.${String(key)}`)
  }
}

/** What applies to a handler. */
export interface HandlerLimits {
  readonly skips: boolean
  /** Those of its class first. */
  readonly limits: readonly DecoratedLimit[]
}

/**
 * Finds what applies to a handler of a class, or of one that it inherits from. Throws where it cannot tell which method
 * a handler is.
 */
export function limitsOf(type: Class, handler: object): HandlerLimits {
  const known = found.get(type)?.get(handler)
  if (known !== undefined) return known
  const limits = findLimits(type, handler)
  const ofType = found.get(type) ?? new WeakMap<object, HandlerLimits>()
  found.set(type, ofType.set(handler, limits))
  return limits
}

/** A class, as Nest tells of it. */
export interface Class {
  readonly name: string
  readonly prototype: object
}

const found = new WeakMap<object, WeakMap<object, HandlerLimits>>()

function findLimits(type: Class, handler: object): HandlerLimits {
  const [ofType, ofHandler] = [ofClass(type), ofMethod(type, handler)]
  return {
    // Routers know a handler by the name of its own class.
    skips: ofClasses.get(type)?.skips === true || ofHandler?.skips === true,
    limits: [...(ofType?.limits ?? []), ...(ofHandler?.limits ?? [])],
  }
}

function ofClass(type: object): Marks | undefined {
  return lineOf(type)
    .map((each) => ofClasses.get(each))
    .find((marks) => marks !== undefined)
}

function ofMethod({ name, prototype }: Class, handler: object): Marks | undefined {
  const line = lineOf(prototype)
  const decorated = line.flatMap((each) => ofMethods.get(each) ?? [])
  if (decorated.length === 0) return undefined
  const key = line.flatMap((each) => keyOf(each, handler)).at(0) ?? keyByName(prototype, handler)
  if (key !== undefined) return decorated.find((methods) => methods.has(key))?.get(key)
  throw new TypeError(`a handler of ${name} is none of its methods, so that its limits are not known`)
}

/** An object and what it inherits from, nearest first. */
function lineOf(start: object): object[] {
  const line: object[] = []
  for (let each: object | null = start; each !== null; each = Object.getPrototypeOf(each)) line.push(each)
  return line
}

function keyOf(prototype: object, handler: object): (string | symbol)[] {
  return Reflect.ownKeys(prototype).filter((key) => Object.getOwnPropertyDescriptor(prototype, key)?.value === handler)
}

/** What wraps the methods of an instance keeps their names. */
function keyByName(prototype: object, { name }: { readonly name?: string }): string | undefined {
  return name !== undefined && name in prototype ? name : undefined
}

/** Whether a route handler of Nest's, named `Class.method`, may be one that is skipped: its guards know for certain. */
export function mayBeSkipped(routeHandler: string | undefined): boolean {
  if (skippedNames.size === 0 || routeHandler === undefined) return false
  const dot = routeHandler.lastIndexOf('.')
  return skippedNames.has(routeHandler.slice(0, dot)) || skippedNames.has(routeHandler.slice(dot))
}

/** Whether anything at all is skipped. */
export function skipsAny(): boolean {
  return skippedNames.size > 0
}

function marksOf(target: object, key: unknown): Marks {
  if (key === undefined && typeof target === 'function') return markIn(ofClasses, target)
  if (typeof key !== 'string' && typeof key !== 'symbol') {
    throw new TypeError('this decorator is for classes and methods, with experimentalDecorators, as those of Nest are')
  }
  const methods = ofMethods.get(target) ?? new Map<string | symbol, Marks>()
  ofMethods.set(target, methods)
  return markIn(methods, key)
}

function markIn<Key>(
  marked: { get(key: Key): Marks | undefined; set(key: Key, marks: Marks): unknown },
  key: Key,
): Marks {
  const marks = marked.get(key) ?? { limits: [], skips: false }
  marked.set(key, marks)
  return marks
}

function nameOf(target: object, key: string | symbol | undefined): string {
  const name = key === undefined ? (target as Class).name : `${target.constructor.name}.${String(key)}`
  return name
    .replaceAll(/[^\w.]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64)
}
