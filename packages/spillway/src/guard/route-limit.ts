import { after } from '../core/awaitable.js'
import type { FailurePolicy } from '../core/charge.js'
import { FAILURE_POLICIES } from '../core/charge.js'
import { choiceOption, functionOption, onlyOptions } from '../core/options.js'
import type { Awaitable, Units } from '../core/units.js'
import { readerAmong } from '../identity/address-reader.js'
import { checkSources } from '../identity/check-sources.js'
import { peerReader } from '../identity/hop.js'
import type { IdentitySource, RequestDescription } from '../identity/identity.js'
import type { RuleLookup } from '../policy/lookup.js'
import type { Policy, Rule } from '../policy/policy.js'
import type { ChargeInput } from '../policy/policy-input.js'
import { checkStore } from '../store/check-store.js'
import { fallbackOnDemand } from '../store/fallback-on-demand.js'
import { slidingStore } from '../store/memory/sliding-store.js'
import type { Store } from '../store/store.js'
import { onlyUnnamed } from '../store/unnamed.js'
import type { Guard } from './guard-of.js'
import { guardOf } from './guard-of.js'
import { readQuotas } from './quota-text.js'
import { routeRule } from './route-rule.js'
import type { QuotaText, RequestFunctions } from './rule-functions.js'

/** What an adapter limits by: a guard, or quotas for one route, or what a function of the framework's request gives as such. */
export type RouteLimit<Request> = Guard | QuotaText | ((request: Request) => Awaitable<QuotaText>)

/**
 * What a limit on one route, given as quotas, is run with. A guard has all this itself. The functions get the
 * framework's own request; where one throws, or rejects, or gives what is none, the request fails.
 */
export interface RouteLimitOptions<Request> {
  /** Its zone in the store, and its name in header fields. Required where a store has several limits; those of the same name share their counts. */
  readonly name?: string
  /** Where the counts are. Default: a memory store of its own. */
  readonly store?: Store
  /** Who asks. Default: the address of the connection. */
  readonly identity?: readonly IdentitySource[]
  /** Who asks, by name, before `identity` is asked; `undefined` says nothing. */
  readonly by?: (request: Request) => Awaitable<string | undefined>
  /** How many units a request takes: a whole number from 1, which is the default. */
  readonly cost?: Units | ((request: Request) => Awaitable<Units>)
  /** Whether a request passes without being counted. */
  readonly exempt?: (request: Request) => Awaitable<boolean>
  /** After a denial, a time in which everything is refused: `15m`. Absent: none. */
  readonly block?: string
  /** The units count only for responses with one of these statuses; they are given back for all others. */
  readonly charge?: ChargeInput
  /**
   * While the store gives no answer: `local` counts in this process (its share of the limit, where the store knows how
   * many share it), `allow` lets pass, `deny` answers 503. Default `local`.
   */
  readonly onStoreFailure?: FailurePolicy
}

const OPTIONS_OF_A_ROUTE = [
  'name',
  'store',
  'identity',
  'by',
  'cost',
  'exempt',
  'block',
  'charge',
  'onStoreFailure',
] as const satisfies readonly (keyof RouteLimitOptions<unknown>)[]

/**
 * The guard that an adapter was given, or one that holds every request to the quotas that it was given instead. `others`
 * are the functions that the adapter itself reads of the options. Throws a `TypeError` where options of a route stand beside a guard, for
 * a second limit without a name on one store and for a wrong option, a `RangeError` for numbers out of range, and a
 * `QuotaSyntaxError` for quotas that cannot be read.
 */
export function guardFrom<Request>(
  limit: RouteLimit<Request>,
  options: RouteLimitOptions<Request>,
  others: readonly string[] = [],
): Guard {
  checkOptions(options, others)
  if (!isGuard(limit)) return routeGuard(limit, options)
  const given = OPTIONS_OF_A_ROUTE.filter((name) => options[name] !== undefined)
  if (given.length === 0) return limit
  throw new TypeError(
    `${given.join(', ')} is for a limit given as quotas: a guard has its own rules, identity and store`,
  )
}

function checkOptions<Request>(options: RouteLimitOptions<Request>, others: readonly string[]): void {
  onlyOptions('rateLimit', options, [...OPTIONS_OF_A_ROUTE, ...others])
  const given: Readonly<Record<string, unknown>> = { ...options }
  for (const name of ['by', 'exempt', ...others]) functionOption(given[name], `rateLimit: ${name}`)
  if (options.identity !== undefined) checkSources('rateLimit', options.identity)
}

/** Whether an adapter was given a guard, not quotas. */
export function isGuard<Request>(limit: RouteLimit<Request>): limit is Guard {
  return typeof limit === 'object' && limit !== null && 'decide' in limit
}

function routeGuard<Request>(limit: Exclude<RouteLimit<Request>, Guard>, options: RouteLimitOptions<Request>): Guard {
  const { name, store = slidingStore() } = options
  checkStore('rateLimit', store)
  const make = (zone: string): Guard => namedGuard(zone, store, limit, options)
  return name === undefined ? onlyUnnamed(store, 'route', make) : make(name)
}

function namedGuard<Request>(
  name: string,
  store: Store,
  limit: Exclude<RouteLimit<Request>, Guard>,
  options: RouteLimitOptions<Request>,
): Guard {
  const { cost, block, charge, onStoreFailure = 'local', identity = [] } = options
  const rule = routeRule({
    name,
    quotas: typeof limit === 'function' ? [] : readQuotas(limit),
    cost: typeof cost === 'function' ? undefined : cost,
    block,
    charge,
    onStoreFailure: choiceOption(onStoreFailure, FAILURE_POLICIES, 'rateLimit: onStoreFailure'),
  })
  const sources = options.by === undefined ? identity : [namedBy(options.by), ...identity]
  return guardOf(policyOf(rule), {
    ...functionsOf(rule, limit, options),
    store: fallbackOnDemand(store),
    sources,
    readAddress: readerAmong(sources) ?? peerReader(),
    lookups: [always(rule)],
  })
}

/** Functions of the framework's request as functions of its description. */
function functionsOf<Request>(
  { name }: Rule,
  limit: Exclude<RouteLimit<Request>, Guard>,
  { cost, exempt }: RouteLimitOptions<Request>,
): RequestFunctions {
  return {
    ...(exempt && { exempt: ofItsRequest(exempt) }),
    ...(typeof cost === 'function' && { costs: { [name]: ofItsRequest(cost) } }),
    ...(typeof limit === 'function' && { limits: { [name]: ofItsRequest(limit) } }),
  }
}

/** An adapter describes requests of its own framework only: that is what its type says of `Request`. */
function ofItsRequest<Request, T>(ask: (request: Request) => T): (description: RequestDescription) => T {
  return ({ request }) => ask(request as Request)
}

function namedBy<Request>(by: (request: Request) => Awaitable<string | undefined>): IdentitySource {
  const ask = ofItsRequest(by)
  return (description) =>
    after(ask(description), (user: unknown) => {
      if (user === undefined) return undefined
      if (typeof user === 'string') return { kind: 'user', user, group: 'default' }
      throw new TypeError(`by must give a text or undefined, not ${typeof user}`)
    })
}

/** A CORS preflight is not counted. */
function always(rule: Rule): RuleLookup {
  return { find: (_path, _method, _group, preflight) => (preflight ? undefined : rule), shadows: () => [] }
}

function policyOf(rule: Rule): Policy {
  return {
    layers: [{ name: 'rules', rules: [rule] }],
    identity: [],
    anonymous: 'address',
    strictPaths: false,
    denied: { status: 429, body: 'problem' },
    headers: 'draft',
    onStoreFailure: 'local',
    gateway: { store: 'memory', forwardRawPath: false },
  }
}
