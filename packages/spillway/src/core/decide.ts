import type { Charge, Zone } from './charge.js'
import type { Decision } from './decision.js'
import type { Record } from './record.js'
import { recordAt, take, taken, weigh } from './record.js'
import type { Micros, Units } from './units.js'

/** The records of a store, as values: `set` changes no record, it puts another in its place. */
export interface Records {
  get(zone: Zone, partition: string): Record | undefined
  set(zone: Zone, partition: string, record: Record): void
}

/** Takes all charges, or none: what `Store.decide` promises, in the plainest form. */
export function decide(charges: readonly Charge[], records: Records, now: Micros): readonly Decision[] {
  const decisions = peek(charges, records, now)
  return decisions.every(({ kind }) => kind === 'allowed')
    ? charges.map((charge) => takeFrom(records, charge, now))
    : charges.map((charge, i) => startBlock(records, charge, decisions[i] as Decision, now))
}

/** What `decide` would answer, without taking anything. */
export function peek(charges: readonly Charge[], records: Records, now: Micros): readonly Decision[] {
  return charges.map((charge, i) => {
    const { zone, partition } = charge
    const record = lookAt(records, zone, partition, now)
    const elsewhere = zone.everywhere && lookAt(records, zone.everywhere, partition, now)
    const blockedUntil = Math.max(record.blockedUntil, elsewhere?.blockedUntil ?? Number.NEGATIVE_INFINITY)
    return weigh(record, charge, aheadOf(charges, i), blockedUntil, now)
  })
}

/** The record as it stands now. That it was looked at is kept: time that passed is the sum of the clock's steps forward. */
export function lookAt(records: Records, zone: Zone, partition: string, now: Micros): Record {
  const record = recordAt(records.get(zone, partition), zone.counters, now)
  records.set(zone, partition, record)
  return record
}

/** The units that earlier charges of the same request take from the same record. */
function aheadOf(charges: readonly Charge[], index: number): Units {
  const { zone, partition } = charges[index] as Charge
  return charges
    .slice(0, index)
    .filter((other) => other.zone.name === zone.name && other.partition === partition && other.quotas.length > 0)
    .reduce((sum, { cost }) => sum + cost, 0)
}

function takeFrom(records: Records, charge: Charge, now: Micros): Decision {
  const record = take(lookAt(records, charge.zone, charge.partition, now), charge, now)
  records.set(charge.zone, charge.partition, record)
  return taken(record, charge, now)
}

function startBlock(records: Records, charge: Charge, decision: Decision, now: Micros): Decision {
  const { zone, partition, block } = charge
  if (decision.kind !== 'denied' || !block) return decision

  blockUntil(records, (block.everywhere && zone.everywhere) || zone, partition, now + block.for, now)
  return { ...decision, retryAfter: Math.max(decision.retryAfter, block.for) }
}

/** Refuses everything from the partition until a moment; a longer block that is there stays. */
export function blockUntil(records: Records, zone: Zone, partition: string, until: Micros, now: Micros): void {
  const record = lookAt(records, zone, partition, now)
  records.set(zone, partition, { ...record, blockedUntil: Math.max(record.blockedUntil, until) })
}
