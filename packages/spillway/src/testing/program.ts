import type { Block, BoundQuota, Charge, Zone } from '../core/charge.js'
import type { Allowed, Decision } from '../core/decision.js'
import type { QuotaOptions } from '../core/make-quota.js'
import { makeQuota } from '../core/make-quota.js'
import type { Quota } from '../core/quota.js'
import type { Micros } from '../core/units.js'
import { SECOND } from '../core/units.js'
import { compileZone, everywhereZone } from '../core/zone.js'
import type { Store } from '../store/store.js'
import type { FakeClock } from './fake-clock.js'
import type { Random } from './random.js'

/** A rule, as far as a store sees it. */
export interface StoreRule {
  readonly zone: Zone
  readonly quotas: readonly BoundQuota[]
  readonly block: Block | undefined
}

/** What a random program may do. */
export interface ProgramOptions {
  readonly steps: number
  readonly partitions: readonly string[]
  readonly zones: readonly string[]
  /**
   * Whether the clock may step back. Decisions then carry times of a clock that is gone: answers are without them, and
   * refunds name none. A store may learn of the step from any record that it looks at: give one partition and one zone.
   */
  readonly stepsBack: boolean
}

/**
 * Runs a random program against a store, and returns all that the store answered. The same random numbers make the same
 * program.
 */
export async function runProgram(
  store: Store,
  clock: FakeClock,
  random: Random,
  options: ProgramOptions,
): Promise<readonly unknown[]> {
  const rules = randomRules(random, options)
  const answers: unknown[] = []
  const tickets: { charge: Charge; decision: Allowed }[] = []

  for (let step = 0; step < options.steps; step++) {
    clock.advance(randomAdvance(random, answers.at(-1), options.stepsBack))
    answers.push(await randomCall(store, random, rules, tickets, options))
  }
  return answers
}

/** One rule's charge, ready for a store. */
export function chargeOf(rule: StoreRule, partition: string, cost = 1): Charge {
  return { ...rule, partition, cost, onStoreFailure: 'local' }
}

/** A rule with a zone of its own. */
export function ruleOf(name: string, quotas: readonly Quota[], block?: Block): StoreRule {
  const everywhere = block?.everywhere ? everywhereZone() : undefined
  const { zone, bound } = compileZone(name, [quotas], everywhere)
  return { zone, quotas: bound[0] ?? [], block }
}

async function randomCall(
  store: Store,
  random: Random,
  rules: readonly StoreRule[],
  tickets: { charge: Charge; decision: Allowed }[],
  { partitions, stepsBack }: ProgramOptions,
): Promise<unknown> {
  const partition = random.pick(partitions)
  const { zone } = random.pick(rules)
  const what = random.int(1, 40)
  if (what === 1) return store.reset(zone, partition)
  if (what === 2) return store.block(zone, partition, random.int(1, 2 * SECOND))
  if (what <= 4) return store.unblock(zone, partition)
  if (what <= 7) return withMoments(await store.peek(randomCharges(random, rules, partitions)), !stepsBack)
  if (what <= 10) return store.refund([{ zone, partition, cost: random.int(1, 4) }])
  const ticket = tickets.length > 0 ? random.pick(tickets) : undefined
  if (what <= 13 && ticket && !stepsBack) {
    return store.refund([{ ...ticket.charge, cost: random.int(1, 4), decision: ticket.decision }])
  }
  const charges = randomCharges(random, rules, partitions)
  const decisions = await store.decide(charges)
  for (const [i, decision] of decisions.entries()) {
    if (decision.kind === 'allowed') tickets.push({ charge: charges[i] as Charge, decision })
  }
  return withMoments(decisions, !stepsBack)
}

function withMoments(decisions: readonly Decision[], keep: boolean): unknown {
  return keep ? decisions : decisions.map((each) => (each.kind === 'allowed' ? { ...each, at: undefined } : each))
}

function randomCharges(random: Random, rules: readonly StoreRule[], partitions: readonly string[]): Charge[] {
  const count = random.oneIn(3) ? random.int(2, 3) : 1
  return Array.from({ length: count }, () =>
    chargeOf(random.pick(rules), random.pick(partitions), random.oneIn(4) ? random.int(1, 9) : 1),
  )
}

/** Mostly a little, sometimes exactly as long as the last answer said, or a microsecond less. */
function randomAdvance(random: Random, last: unknown, stepsBack: boolean): Micros {
  if (stepsBack && random.oneIn(8)) return -random.int(1, 3 * SECOND)
  if (random.oneIn(4) && Array.isArray(last)) {
    const decision = last[0] as { retryAfter?: Micros; resetAfter?: Micros } | undefined
    const promised = decision?.retryAfter ?? decision?.resetAfter ?? 0
    return Math.max(0, Math.min(promised, 10 * SECOND) - random.int(0, 1))
  }
  return random.pick([0, 1, 1_000, 20_000, 300_000, 1_100_000])
}

function randomRules(random: Random, { zones, stepsBack }: ProgramOptions): StoreRule[] {
  const everywhere = !stepsBack && random.oneIn(3) ? everywhereZone() : undefined
  return zones.flatMap((name) => {
    const rules = Array.from({ length: random.int(1, 2) }, () => randomQuotas(random))
    const { zone, bound } = compileZone(name, rules, everywhere)
    return bound.map((quotas): StoreRule => ({ zone, quotas, block: randomBlock(random, everywhere) }))
  })
}

function randomBlock(random: Random, everywhere: Zone | undefined): Block | undefined {
  if (random.oneIn(2)) return undefined
  return { for: random.int(1, 3 * SECOND), everywhere: everywhere !== undefined && random.oneIn(2) }
}

function randomQuotas(random: Random): Quota[] {
  return Array.from({ length: random.int(1, 3) }, () => makeQuota(randomQuota(random)))
}

/** Token buckets of one window are all alike: the buckets of a zone must be. */
function randomQuota(random: Random): QuotaOptions {
  const limit = random.int(1, 12)
  const window = random.pick([1, 2, 3]) * SECOND
  switch (random.int(1, 5)) {
    case 1:
      return { algorithm: 'fixed-window', limit, window, align: 'first' }
    case 2:
      return { algorithm: 'fixed-window', limit, window, align: 'clock' }
    case 3:
      return { algorithm: 'token-bucket', limit: 7, window, burst: 9 }
    case 4:
      return { algorithm: 'sliding-window', limit: 10 * limit, window, resolution: 4 }
    default:
      return { algorithm: 'sliding-window', limit, window }
  }
}
