import type { BoundQuota, Charge, Policy, RequestDescription, Rule, Store, Verdict } from 'spillway'
import { createGuard, memoryStore } from 'spillway'
import { rulesOf } from '../../policy-file/rules.js'
import { unreadBody } from '../../policy-file/unread-body.js'
import { clientName } from '../../replay/tally/clients.js'
import { spellQuota } from '../../spelling/spell-quota.js'
import type { Draws, QuotaWatch } from './draws.js'
import type { Share } from './shares.js'
import { share } from './shares.js'
import { watchesOf } from './watch.js'

/** On what a request draws under a policy, and who its guard takes the sender for. */
export interface PolicyDraws {
  readonly draws: Draws
  /** The user that the request counts for; absent where it counts for nobody: 400 or 401. */
  readonly user: string | undefined
}

/** The charge of a request on a rule. */
interface RuleCharge {
  readonly rule: Rule
  readonly charge: Charge
}

/**
 * Finds on what requests draw under a policy: its very guard finds the rules and partitions, on a store that only
 * remembers what it is asked.
 */
export function drawsUnder(policy: Policy): (request: RequestDescription) => Promise<PolicyDraws> {
  const asked: (readonly Charge[])[] = []
  const guard = createGuard(policy, {
    store: rememberingStore(asked),
    ...unreadBody(policy),
  })
  const watchOf = quotaWatches(policy)
  const shareOf = shares()

  return async (request) => {
    asked.length = 0
    const verdict = await guard.decide(request)
    const charges = chargesIn(verdict, asked[0] ?? [])
    return { draws: drawsOf(charges, shareOf, watchOf), user: userOf(verdict) }
  }
}

/** Later calls are those of shadow rules, which have no say. */
function rememberingStore(asked: (readonly Charge[])[]): Store {
  const store = memoryStore({ maxPartitions: 1 })
  return {
    ...store,
    decide(charges) {
      asked.push(charges)
      return store.peek(charges)
    },
  }
}

function chargesIn(verdict: Verdict, charges: readonly Charge[]): readonly RuleCharge[] {
  if (!('decisions' in verdict)) return []
  return verdict.decisions.flatMap(({ rule }, i) => {
    const charge = charges[i]
    return charge === undefined ? [] : [{ rule, charge }]
  })
}

function userOf(verdict: Verdict): string | undefined {
  return 'identity' in verdict ? clientName(verdict.identity) : undefined
}

function drawsOf(
  charges: readonly RuleCharge[],
  shareOf: (charge: Charge) => readonly Share[],
  watchOf: (charge: Charge, bound: BoundQuota) => readonly QuotaWatch[],
): Draws {
  const counted = charges.map(({ rule, charge }) => ({
    rule,
    units: charge.cost,
    watches: charge.quotas.flatMap((bound) => watchOf(charge, bound)),
  }))
  return {
    shares: [...new Set(charges.flatMap(({ charge }) => shareOf(charge)))],
    startsBlock: charges.some(({ charge }) => charge.block !== undefined),
    promises: {
      sooner: charges.every(({ rule }) => rule.charge === undefined),
      later: charges.every(({ charge }) => charge.lease === undefined),
    },
    drawn: (status) =>
      counted
        .filter(({ rule }) => keepsUnits(rule, status))
        .flatMap(({ units, watches }) => watches.map((watch) => ({ watch, units }))),
  }
}

function keepsUnits({ charge }: Rule, status: number): boolean {
  if (charge === undefined) return true
  return charge.on.some((match) => String(status).startsWith(String(match).replace('xx', '')))
}

/** The record of a partition, and the one of its blocks that hold everywhere. */
function shares(): (charge: Charge) => readonly Share[] {
  const known = new Map<string, Share>()
  const shareIn = (name: string) => {
    const there = known.get(name) ?? share()
    known.set(name, there)
    return there
  }
  return ({ zone, partition }) =>
    [zone, ...(zone.everywhere ? [zone.everywhere] : [])].map(({ name }) => shareIn(JSON.stringify([name, partition])))
}

/**
 * The watches over a quota: rules that share a zone count in the same counters, so that whatever was admitted under a
 * limit counts under each higher one.
 */
function quotaWatches(policy: Policy): (charge: Charge, bound: BoundQuota) => readonly QuotaWatch[] {
  const named = rulesOf(policy).flatMap(({ zone, quotas, quotaNames }) =>
    quotas.map((bound, i) => ({ zone, bound, name: quotaNames[i] })),
  )
  const known = new Map<string, QuotaWatch>()
  return ({ zone, partition }, { counter, quota: own }) => {
    const above = named.filter(
      ({ zone: { name }, bound }) => name === zone.name && bound.counter === counter && bound.quota.limit >= own.limit,
    )
    return above.map(({ bound: { quota }, name }) => {
      const key = JSON.stringify([zone.name, partition, counter, quota.limit])
      const there = known.get(key) ?? { quota: `${name}: ${spellQuota(quota)}`, watches: watchesOf(quota) }
      known.set(key, there)
      return there
    })
  }
}
