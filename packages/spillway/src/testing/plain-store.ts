import type { Zone } from '../core/charge.js'
import type { Records } from '../core/decide.js'
import { blockUntil, decide, lookAt, peek } from '../core/decide.js'
import type { Quota } from '../core/quota.js'
import type { CounterState, Record } from '../core/record.js'
import { giveBack, recordAt } from '../core/record.js'
import { sameCounter } from '../core/same-counter.js'
import type { Clock, Micros } from '../core/units.js'
import type { Store } from '../store/store.js'

/**
 * A store in its plainest form: a Map of records, decided by the functions of the core. It forgets nothing and is slow;
 * other stores are held to it, decision by decision.
 */
export function plainStore(clock: Clock): Store {
  const map = new Map<string, Kept>()
  const records: Records = {
    get: (zone, partition) => recordFor(zone, map.get(keyOf(zone, partition))),
    set(zone, partition, record) {
      const key = keyOf(zone, partition)
      map.set(key, keptWith(zone, record, map.get(key)))
    },
  }

  return {
    decide: (charges) => decide(charges, records, clock.now()),
    peek: (charges) => peek(charges, records, clock.now()),
    refund(refunds) {
      for (const refund of refunds) {
        const { zone, partition } = refund
        const now = clock.now()
        records.set(zone, partition, giveBack(lookAt(records, zone, partition, now), refund, now))
      }
    },
    block(zone, partition, span) {
      blockUntil(records, zone.everywhere ?? zone, partition, clock.now() + span, clock.now())
    },
    unblock(zone, partition) {
      for (const place of zone.everywhere ? [zone, zone.everywhere] : [zone]) {
        const record = lookAt(records, place, partition, clock.now())
        records.set(place, partition, { ...record, blockedUntil: Number.NEGATIVE_INFINITY })
      }
    },
    reset(zone, partition) {
      map.delete(keyOf(zone, partition))
      if (zone.everywhere) map.delete(keyOf(zone.everywhere, partition))
    },
  }
}

/** A record whose counters know what they count: the rules of a zone may change, and an unchanged quota finds its own again. */
type Kept = Omit<Record, 'counters'> & { readonly states: readonly { quota: Quota; state: CounterState | undefined }[] }

function recordFor(zone: Zone, kept: Kept | undefined): Record | undefined {
  if (!kept) return undefined
  const { at, blockedUntil, states } = kept
  const counters = zone.counters.map((counter) => states.find(({ quota }) => sameCounter(quota, counter))?.state)
  return { at, blockedUntil, counters }
}

function keptWith({ counters }: Zone, { at, blockedUntil, counters: states }: Record, before: Kept | undefined): Kept {
  const known = counters.map((quota, i) => ({ quota, state: states[i] }))
  return { at, blockedUntil, states: [...(before ? othersAt(before, counters, at) : []), ...known] }
}

/** The states that the zone does not know, or not yet: their times move with the clock like all others. */
function othersAt(before: Kept, counters: readonly Quota[], now: Micros): Kept['states'] {
  const others = before.states.filter(({ quota }) => !counters.some((counter) => sameCounter(counter, quota)))
  const quotas = others.map(({ quota }) => quota)
  const record = recordAt({ ...before, counters: others.map(({ state }) => state) }, quotas, now)
  return quotas.map((quota, i) => ({ quota, state: record.counters[i] }))
}

function keyOf(zone: Zone, partition: string): string {
  return JSON.stringify([zone.name, partition])
}
