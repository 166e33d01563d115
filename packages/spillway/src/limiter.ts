import { isPromise } from './core/awaitable.js'
import type { FailurePolicy } from './core/charge.js'
import { FAILURE_POLICIES } from './core/charge.js'
import type { Allowed, Decision, Unknown } from './core/decision.js'
import { spanOf } from './core/duration.js'
import type { QuotaOptions } from './core/make-quota.js'
import { makeQuota } from './core/make-quota.js'
import { choiceOption, onlyOptions } from './core/options.js'
import type { CalendarWindow, Quota } from './core/quota.js'
import { quotas as parseQuotas } from './core/quota-parser.js'
import { largestCost } from './core/tightest.js'
import type { AlarmClock, Awaitable, Micros, Units } from './core/units.js'
import { compileZone } from './core/zone.js'
import type { WaitFor, WaitLimits } from './limiter/wait.js'
import { waitingLine } from './limiter/wait.js'
import { checkedName } from './policy/name.js'
import { systemAlarmClock } from './store/alarm-clock.js'
import { checkStore } from './store/check-store.js'
import { sharedFallback } from './store/local-fallback.js'
import { memoryStore } from './store/memory/memory.js'
import type { Store, Terms } from './store/store.js'
import { chargerOf } from './store/store.js'
import { onlyUnnamed } from './store/unnamed.js'

/** A quota, or several as one text, as a limiter takes it. */
export type QuotaGiven = string | Quota | QuotaOptions

/** How a limiter is made. */
export interface LimiterOptions {
  /**
   * At least one: `'5/minute'`, `'1/second; 200/day'`, `{ limit: 5, window: '10s', algorithm: 'fixed-window' }`, or what
   * `quota`, `quotas` and `makeQuota` make. Every one must admit a charge.
   */
  readonly quotas: QuotaGiven | readonly QuotaGiven[]
  /** After a denial, a time in which everything is refused: `'15m'`, or microseconds. Absent: none. */
  readonly block?: string | Micros
  /** Where the counts are. Default: a memory store of its own. */
  readonly store?: Store
  /**
   * While the store gives no answer: `local` counts in this process (its share of the limit, where the store knows how
   * many share it); under `allow` and `deny` the decision is `unknown`, with the fault as its `cause`, and passes or not
   * as the caller says. Default `local`.
   */
  readonly onStoreFailure?: FailurePolicy
  /** Its zone in the store: limiters with the same name share their counts. Required where a store has several. */
  readonly name?: string
  /** What `wait` waits by. Default: the system's. For tests: `fakeClock()`, beside a store that takes the same one. */
  readonly clock?: AlarmClock
}

/**
 * Quotas and a store, by key, without HTTP. Where the store fails, `charge` and `peek` answer by `onStoreFailure`; the
 * others reject, or throw, with a `StoreError`.
 */
export interface Limiter {
  /** What is done while the store gives no answer: only under `allow` should a decision that is `unknown` pass. */
  readonly onStoreFailure: FailurePolicy
  /**
   * Takes `cost` units (1 unless said otherwise) from the partition, or none. Being denied is a decision. Throws a
   * `RangeError` for a cost that is no whole number from 1, a `TypeError` for a partition that is no text and for a
   * misspelt cost.
   */
  charge(partition: string, options?: CostOption): Awaitable<Decision>
  /**
   * Waits until `charge` would allow it, then charges: first come, first served in each partition of this process, the
   * small behind the large. For calls of one's own to others; a refusal on the way starts no block. Resolves with the
   * decision: `unknown` only under `onStoreFailure: 'allow'`; under `deny` a failing store rejects with its `StoreError`.
   * Rejects with a `WaitError` where the turn cannot come within `maxWait` or the cost will never pass, with the
   * signal's reason where that ends it, with a `RangeError` or `TypeError` as `charge` throws it, and with a
   * `QuotaSyntaxError`, `RangeError` or `TypeError` for a `maxWait` that is no span and an option that there is none of.
   */
  wait(partition: string, options?: CostOption & WaitLimits): Promise<Allowed | Unknown>
  /** What `charge` would answer now. Spends nothing, and starts no block. */
  peek(partition: string, options?: CostOption): Awaitable<Decision>
  /**
   * Gives units back: exactly those of `decision` where it is there, else the newest; never more than were taken. `cost`
   * is all of the decision's unless said otherwise, without one 1. Throws as `charge` does, and a `TypeError` for an
   * option that there is none of.
   */
  refund(partition: string, options?: RefundOptions): Awaitable<void>
  /** Forgets the partition's counts and its block. */
  reset(partition: string): Awaitable<void>
  /**
   * Refuses everything from the partition for a time from now: `'2s'`, or microseconds. A longer block that is there
   * stays. Throws a `QuotaSyntaxError` or a `RangeError` for what is no span.
   */
  block(partition: string, span: string | Micros): Awaitable<void>
  /** Ends the partition's block. Counts stay. */
  unblock(partition: string): Awaitable<void>
}

/** What is taken. */
export interface CostOption {
  /** How many units: a whole number from 1, which is the default. */
  readonly cost?: Units
}

/** What is given back. */
export interface RefundOptions extends CostOption {
  /** That of the charge. */
  readonly decision?: Decision
}

const OPTIONS = [
  'quotas',
  'block',
  'store',
  'onStoreFailure',
  'name',
  'clock',
] as const satisfies readonly (keyof LimiterOptions)[]
const COST_OPTIONS = ['cost'] as const satisfies readonly (keyof CostOption)[]
const WAIT_OPTIONS = ['cost', 'signal', 'maxWait'] as const satisfies readonly (keyof (CostOption & WaitLimits))[]
const REFUND_OPTIONS = ['cost', 'decision'] as const satisfies readonly (keyof RefundOptions)[]

/**
 * Limits anything by key: `createLimiter({ quotas: '5/minute', block: '15m' })`. Throws a `QuotaSyntaxError` for a quota
 * or a span that cannot be read, a `RangeError` for numbers out of range, a `TypeError` for a name that is none, an
 * option that there is none of, a store that is none, and for the second limiter without a name on one store.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  onlyOptions('createLimiter', options, OPTIONS)
  const { name, store = memoryStore() } = options
  checkStore('createLimiter', store)
  const make = (zone: string): Limiter => limiterOn(sharedFallback(store), zone, options)
  return name === undefined ? onlyUnnamed(store, 'limiter', make) : make(checkedName(name))
}

function limiterOn(store: Store, name: string, options: LimiterOptions): Limiter {
  const terms = termsOf(name, options)
  const { zone } = terms
  const charge = chargerOf(store, terms)
  const waitFor = waitingOn(store, terms, options.clock ?? systemAlarmClock())

  return {
    onStoreFailure: terms.onStoreFailure,
    charge: (partition, costs) => charge(partitionOf(partition), costIn(costs, 'charge')),
    // What is wrong with the arguments rejects, as all else that ends a wait.
    wait: (partition, given = {}) =>
      new Promise((resolve) => {
        onlyOptions('wait', given, WAIT_OPTIONS)
        resolve(waitFor(partitionOf(partition), costOf(given.cost), given))
      }),
    peek(partition, costs) {
      const decisions = store.peek([{ ...terms, partition: partitionOf(partition), cost: costIn(costs, 'peek') }])
      return isPromise(decisions) ? decisions.then(first) : first(decisions)
    },
    refund(partition, given = {}) {
      onlyOptions('refund', given, REFUND_OPTIONS)
      const { cost, decision } = given
      const refund = {
        zone,
        partition: partitionOf(partition),
        cost: cost === undefined ? takenBy(decision) : costOf(cost),
      }
      return store.refund([decision === undefined ? refund : { ...refund, decision }])
    },
    reset: (partition) => store.reset(zone, partitionOf(partition)),
    block: (partition, span) => store.block(zone, partitionOf(partition), blockSpan(span)),
    unblock: (partition) => store.unblock(zone, partitionOf(partition)),
  }
}

/** The quotas and all else that charges have in common, read from the options. */
function termsOf(name: string, { quotas, block, onStoreFailure = 'local' }: LimiterOptions): Terms {
  const { zone, bound } = compileZone(name, [quotasOf(quotas)])
  return {
    zone,
    quotas: bound[0] ?? [],
    block: block === undefined ? undefined : { for: blockSpan(block), everywhere: false },
    onStoreFailure: choiceOption(onStoreFailure, FAILURE_POLICIES, 'createLimiter: onStoreFailure'),
  }
}

/** Who waits starts no block: a refusal on the way is no offence. */
function waitingOn(store: Store, terms: Terms, clock: AlarmClock): WaitFor {
  const { zone, quotas, onStoreFailure } = terms
  return waitingLine({
    charge: chargerOf(store, { ...terms, block: undefined }),
    undo: (partition, decision) => store.refund([{ zone, partition, cost: takenBy(decision), decision }]),
    onStoreFailure,
    clock,
    largestCost: largestCost(quotas.map(({ quota }) => quota)),
  })
}

function first(decisions: readonly Decision[]): Decision {
  return decisions[0] as Decision
}

function partitionOf(partition: unknown): string {
  if (typeof partition === 'string') return partition
  throw new TypeError(`partition must be a text, not ${typeof partition}`)
}

/** The cost among the options of `charge` or `peek`. Those that hold one are not looked at again: every request pays. */
function costIn(given: CostOption | undefined, of: 'charge' | 'peek'): Units {
  if (given === undefined) return 1
  if (typeof given !== 'object' || given === null) throw new TypeError(`a cost is passed as { cost: ${given} }`)
  if (given.cost === undefined) onlyOptions(of, given, COST_OPTIONS)
  return costOf(given.cost)
}

function costOf(cost: unknown = 1): Units {
  if (typeof cost === 'number' && Number.isSafeInteger(cost) && cost >= 1) return cost
  throw new RangeError(`cost must be a whole number from 1, not ${typeof cost === 'number' ? cost : typeof cost}`)
}

function takenBy(decision: Decision | undefined): Units {
  return decision?.kind === 'allowed' ? Math.max(1, decision.taken) : 1
}

function blockSpan(given: string | Micros): Micros {
  const span = spanOf(given)
  if (Number.isSafeInteger(span) && span > 0) return span
  throw new RangeError(`a block must last whole microseconds, more than none, not ${given}`)
}

function quotasOf(given: LimiterOptions['quotas']): readonly Quota[] {
  const list = Array.isArray(given) ? given : [given]
  const quotas = list.flatMap((each: QuotaGiven) => (typeof each === 'string' ? parseQuotas(each) : [checked(each)]))
  if (quotas.length === 0) throw new RangeError('a limiter needs at least one quota')
  return quotas
}

/** A quota that was made by hand is checked like one that was read. */
function checked(quota: Quota | QuotaOptions | null | undefined): Quota {
  if (typeof quota !== 'object' || quota === null)
    throw new TypeError(`quotas must be text such as 10/minute, not ${quota === null ? 'null' : typeof quota}`)
  if (!isCalendar(quota)) return makeQuota(quota)
  const { limit, algorithm, every, timezone } = quota
  return makeQuota({ limit, algorithm, every, timezone })
}

/** Made by `makeQuota`: it has said by which clock it is aligned. */
function isCalendar(quota: Quota | QuotaOptions): quota is CalendarWindow {
  return 'align' in quota && quota.align === 'calendar'
}
