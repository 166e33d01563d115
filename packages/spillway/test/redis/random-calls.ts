import type { Block, Charge, Zone } from '../../src/core/charge.js'
import type { Allowed } from '../../src/core/decision.js'
import type { QuotaOptions } from '../../src/core/make-quota.js'
import { makeQuota } from '../../src/core/make-quota.js'
import { HOUR, SECOND } from '../../src/core/units.js'
import { compileZone, everywhereZone } from '../../src/core/zone.js'
import type { CallAnswer, CallStore, StoreCall } from '../../src/store/calls.js'
import type { FakeClock } from '../../src/testing/fake-clock.js'
import type { StoreRule } from '../../src/testing/program.js'
import { chargeOf } from '../../src/testing/program.js'
import type { Random } from '../../src/testing/random.js'

const PARTITIONS = ['user:alice', 'user:bob']

/** A charge that was allowed. */
interface Ticket {
  readonly charge: Charge
  readonly decision: Allowed
}

/** What the calls are like: `mixed`, of all kinds; `runs`, mostly charges under one quota and with no block. */
export type CallsKind = 'mixed' | 'runs'

/**
 * Puts random calls to a store, several at a time, and returns all answers. The policy changes on the way, the clock
 * steps back, units are held under leases. The same random numbers make the same calls.
 */
export async function runCalls(
  calls: CallStore,
  clock: FakeClock,
  random: Random,
  batches: number,
  kind: CallsKind = 'mixed',
): Promise<readonly CallAnswer[]> {
  const everywhere = everywhereZone()
  const tickets: Ticket[] = []
  const answers: CallAnswer[] = []
  const [randomRules, largest] = kind === 'mixed' ? [randomPolicy, 5] : [simplePolicy, 16]
  let rules = randomRules(random, everywhere)

  for (let batch = 0; batch < batches; batch++) {
    clock.advance(randomAdvance(random))
    if (random.oneIn(6)) rules = randomRules(random, everywhere)
    const isRuns = kind === 'runs' && !random.oneIn(4)
    // The script has forms for runs, and one for a charge that comes alone.
    const size = random.oneIn(3) ? 1 : random.int(1, largest)
    const asked = Array.from({ length: size }, () =>
      isRuns ? plainCall(random, rules) : randomCall(random, rules, tickets),
    )
    const answered = await calls.answer(asked)
    for (const [i, call] of asked.entries()) keepTickets(tickets, call, answered[i] as CallAnswer)
    answers.push(...answered)
  }
  return answers
}

function keepTickets(tickets: Ticket[], call: StoreCall, answer: CallAnswer): void {
  if (call.kind !== 'decide' || !Array.isArray(answer)) return
  for (const [i, decision] of answer.entries()) {
    if (decision.kind === 'allowed') tickets.push({ charge: call.charges[i] as Charge, decision })
  }
}

function randomAdvance(random: Random): number {
  if (random.oneIn(10)) return -random.int(1, 3 * SECOND)
  return random.pick([0, 1, 1_000, 20_000, 300_000, 1_100_000, 40_000_000, 7 * HOUR])
}

/** Two versions of a policy have the same zones, and never quite the same quotas. */
function randomPolicy(random: Random, everywhere: Zone): StoreRule[] {
  const shared = random.oneIn(2) ? everywhere : undefined
  return ['a', 'b'].flatMap((name) => {
    const burst = random.int(2, 12)
    const rules = Array.from({ length: random.int(1, 2) }, () =>
      Array.from({ length: random.int(0, 3) }, () => makeQuota(randomQuota(random, burst))),
    )
    const { zone, bound } = compileZone(name, rules, shared)
    return bound.map((quotas): StoreRule => ({ zone, quotas, block: randomBlock(random) }))
  })
}

/** Zones of one quota each. */
function simplePolicy(random: Random): StoreRule[] {
  return ['a', 'b'].map((name) => {
    const { zone, bound } = compileZone(name, [[makeQuota(randomQuota(random, random.int(2, 12)))]])
    return { zone, quotas: bound[0] ?? [], block: undefined }
  })
}

function plainCall(random: Random, rules: readonly StoreRule[]): StoreCall {
  return { kind: 'decide', charges: [chargeOf(random.pick(rules), random.pick(PARTITIONS), randomCost(random))] }
}

function randomCost(random: Random): number {
  return random.oneIn(4) ? random.pick([2, 5, 9, 300, 70_000]) : 1
}

function randomBlock(random: Random): Block | undefined {
  return random.oneIn(3) ? { for: random.int(1, 3 * SECOND), everywhere: random.oneIn(2) } : undefined
}

function randomQuota(random: Random, burst: number): QuotaOptions {
  const limit = random.int(1, 12)
  const window = random.pick([1, 2, 3]) * SECOND
  return random.pick<QuotaOptions>([
    { algorithm: 'fixed-window', limit, window },
    { algorithm: 'fixed-window', limit, window, align: 'clock' },
    { limit: 5 * limit, every: 'day', timezone: 'Europe/Berlin' },
    // A part of a microsecond that was counted at one rate is read at another.
    { algorithm: 'token-bucket', limit: burst % 2 === 0 ? 7 : 999_983, window, burst },
    { algorithm: 'sliding-window', limit: 10 * limit, window, resolution: 3 },
    { algorithm: 'sliding-window', limit: 100_000 * limit, window },
    { algorithm: 'sliding-window', limit, window },
  ])
}

function randomCall(random: Random, rules: readonly StoreRule[], tickets: readonly Ticket[]): StoreCall {
  const partition = random.pick(PARTITIONS)
  const { zone } = random.pick(rules)
  const what = random.int(1, 30)
  if (what === 1) return { kind: 'reset', zone, partition }
  if (what === 2) return { kind: 'block', zone, partition, span: random.int(1, 2 * SECOND) }
  if (what <= 4) return { kind: 'unblock', zone, partition }
  if (what <= 6) return { kind: 'peek', charges: randomCharges(random, rules) }
  if (what <= 8) return { kind: 'refund', refunds: [{ zone, partition, cost: random.int(1, 4) }] }
  if (what <= 12 && tickets.length > 0) {
    const refunds = Array.from({ length: random.int(1, 2) }, () => {
      const { charge, decision } = random.pick(tickets)
      return { ...charge, cost: random.int(1, 4), decision }
    })
    return { kind: 'refund', refunds }
  }
  return { kind: 'decide', charges: randomCharges(random, rules) }
}

function randomCharges(random: Random, rules: readonly StoreRule[]): Charge[] {
  return Array.from({ length: random.oneIn(3) ? random.int(2, 3) : 1 }, () => {
    const charge = chargeOf(random.pick(rules), random.pick(PARTITIONS), randomCost(random))
    return random.oneIn(8) ? { ...charge, heldFor: random.pick([50_000, 900_000]) } : charge
  })
}
