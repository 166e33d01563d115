import { after } from '../core/awaitable.js'
import type { Charge } from '../core/charge.js'
import type { Decision, QuotaStanding } from '../core/decision.js'
import { figuresOf } from '../core/tightest.js'
import type { Clock, Units } from '../core/units.js'
import { memoryStore } from './memory/memory.js'
import type { Store } from './store.js'
import { withBlock } from './with-block.js'

/**
 * A store whose `decide` answers what that of `store` would answer now, figures after the charge included, and spends
 * nothing: it only peeks. It starts no block and gives nothing back; whatever else would change a partition is refused
 * with a `TypeError`. `clock` tells the time by which windows that nobody has opened begin; default: the system's.
 */
export function rehearsal(store: Store, clock?: Clock): Store {
  const peek = (charges: readonly Charge[]) => store.peek(charges)
  const onlyLooks = () => {
    throw new TypeError('a rehearsal changes nothing')
  }
  return {
    peek,
    decide: (charges) => after(peek(charges), (decisions) => asTaken(charges, decisions, clock)),
    refund: () => undefined,
    block: onlyLooks,
    unblock: onlyLooks,
    reset: onlyLooks,
  }
}

function asTaken(
  charges: readonly Charge[],
  decisions: readonly Decision[],
  clock: Clock | undefined,
): readonly Decision[] {
  if (!decisions.every(({ kind }) => kind === 'allowed')) {
    return decisions.map((decision, i) => withBlock(decision, charges[i] as Charge))
  }
  // Where nothing is used yet, the first charge on an empty store says what it leaves.
  const fresh = memoryStore(clock && { clock }).decide(charges)
  return decisions.map((decision, i) => afterCharge(decision, fresh[i] as Decision, charges, i))
}

function afterCharge(decision: Decision, fresh: Decision, charges: readonly Charge[], index: number): Decision {
  if (decision.kind !== 'allowed' || fresh.kind !== 'allowed') return decision
  const spent = spentUpTo(charges, index)
  const quotas = decision.quotas.map((standing, i) => {
    const first = fresh.quotas[i] as QuotaStanding
    return { ...standing, remaining: standing.remaining - spent, resetAfter: standing.resetAfter || first.resetAfter }
  })
  return { ...decision, ...figuresOf(quotas), taken: quotas.length > 0 ? (charges[index] as Charge).cost : 0 }
}

/** What the request takes of the charge's record, with this charge and those before it. */
function spentUpTo(charges: readonly Charge[], index: number): Units {
  const { zone, partition } = charges[index] as Charge
  return charges
    .slice(0, index + 1)
    .filter((each) => each.zone.name === zone.name && each.partition === partition && each.quotas.length > 0)
    .reduce((sum, { cost }) => sum + cost, 0)
}
