import { after } from '../core/awaitable.js'
import type { Charge, Lease, Zone } from '../core/charge.js'
import type { Allowed, Decision } from '../core/decision.js'
import type { Awaitable, Micros, Units } from '../core/units.js'
import type { DecisionSources } from './calls.js'
import type { Held } from './held.js'
import { endNow, handOut, heldFrom, leasable, leaseCharge, refundOf } from './held.js'
import type { StoreTime } from './memory/clock.js'
import { readTime } from './memory/clock.js'
import type { DecideOne, Store } from './store.js'
import { afterwards } from './timer.js'

/** All leases of a process. */
export interface Leases {
  readonly store: Store
  readonly decideOne: DecideOne
  readonly time: StoreTime
  readonly sources: DecisionSources
  readonly maxPartitions: number
  /** What is known of partitions, by zone name. */
  readonly zones: Map<string, Map<string, Busy>>
  partitions: number
  /** Those that hold units, or are about to. */
  readonly active: Set<Busy>
  /** Which lease a decision's units came from. */
  readonly origins: WeakMap<Decision, Held>
  /** How many units of a decision were given back. */
  readonly refunded: WeakMap<Decision, Units>
  closed: boolean
}

/** A partition whose rule has a lease. */
export interface Busy {
  readonly zone: Zone
  readonly partition: string
  readonly quotas: Charge['quotas']
  askedAt: Micros
  /** Until then no units are asked for: they did not fit. */
  notBefore: Micros
  held: Held | undefined
  stopTimer: () => void
  /** A call for units in flight, and how many of them are promised to charges that wait for it. */
  taking: Promise<void> | undefined
  promised: Units
  /** Units that are in flight go back as soon as they come: the partition was blocked or reset meanwhile. */
  ended: boolean
}

/** Decides one charge: from the units that are held, after taking some, or by the store. */
export function decideLeased(leases: Leases, charge: Charge, lease: Lease): Awaitable<Decision> {
  const now = readTime(leases.time)
  const busy = busyOf(leases, charge.zone, charge.partition)
  if (busy === undefined || isForsaken(busy, charge, lease, now)) note(leases, charge, now)
  if (busy === undefined || busy.quotas !== charge.quotas || charge.cost > lease.size) return ask(leases, charge)

  const decision = takeHeld(leases, busy, charge.cost, now)
  if (decision !== undefined) return decision
  if (busy.taking !== undefined) return join(leases, busy, busy.taking, charge, lease)
  const often = now - busy.askedAt < lease.for
  busy.askedAt = now
  if (!often || now < busy.notBefore || leases.closed || !leasable(charge, lease.for)) return ask(leases, charge)
  return join(leases, busy, startTaking(leases, busy, leaseCharge(charge, lease), now), charge, lease)
}

/** Whether it was noted for another rule, or for one of a policy that is gone, and has not asked for as long as a lease lasts. */
function isForsaken({ quotas, held, taking, askedAt }: Busy, charge: Charge, lease: Lease, now: Micros): boolean {
  return quotas !== charge.quotas && held === undefined && taking === undefined && now - askedAt >= lease.for
}

/** What is known of a partition; nothing where it has not asked. */
export function busyOf(leases: Leases, zone: Zone, partition: string): Busy | undefined {
  return leases.zones.get(zone.name)?.get(partition)
}

/** Puts a charge to the store by itself. */
export function ask(leases: Leases, charge: Charge): Awaitable<Decision> {
  const answer = leases.decideOne(charge)
  if (charge.block === undefined) return answer
  return after(answer, (decision) => {
    endIfBlocked(leases, charge, decision)
    return decision
  })
}

/** Ends what is held of a partition which a denial blocks. */
export function endIfBlocked(leases: Leases, { block, partition }: Charge, decision: Decision): void {
  if (block !== undefined && decision.kind === 'denied') void end(leases, partition)
}

/** Hands out units that are held, if there are enough. */
function takeHeld(leases: Leases, busy: Busy, cost: Units, now: Micros): Allowed | undefined {
  const { held } = busy
  if (held === undefined) return undefined
  const decision = handOut(held, cost, now)
  if (decision === undefined) return undefined
  busy.askedAt = now
  leases.origins.set(decision, held)
  leases.sources.lease++
  return decision
}

/** Waits for units that are in flight, if they are not all promised already. Where none come, the store decides. */
function join(leases: Leases, busy: Busy, taking: Promise<void>, charge: Charge, { size }: Lease): Awaitable<Decision> {
  if (busy.promised + charge.cost > size) return ask(leases, charge)
  busy.promised += charge.cost
  return taking.then(() => takeHeld(leases, busy, charge.cost, readTime(leases.time)) ?? ask(leases, charge))
}

/** Asks the store for units. Rejects where the store fails: then nobody knows whether it gave them. */
function startTaking(leases: Leases, busy: Busy, charge: Charge, now: Micros): Promise<void> {
  leases.active.add(busy)
  busy.promised = 0
  busy.taking = take(leases, busy, charge, now).finally(() => {
    busy.taking = undefined
    if (busy.held === undefined) leases.active.delete(busy)
  })
  return busy.taking
}

async function take(leases: Leases, busy: Busy, charge: Charge, now: Micros): Promise<void> {
  const decision = await leases.decideOne(charge)
  if (decision.kind !== 'allowed') {
    busy.notBefore = now + (charge.heldFor ?? 0)
    return
  }
  void giveBack(leases, busy)
  const held = heldFrom(charge, decision, now)
  busy.held = held
  busy.stopTimer = afterwards(held.endsAt - now, () => void giveBack(leases, busy))
  if (busy.ended || leases.closed) await giveBack(leases, busy)
}

/**
 * Ends a lease: what is left goes back to the store. Where the store fails to answer, those units count until their
 * window has passed.
 */
async function giveBack(leases: Leases, busy: Busy): Promise<void> {
  const { held } = busy
  if (held === undefined) return
  busy.stopTimer()
  busy.held = undefined
  if (busy.taking === undefined) leases.active.delete(busy)
  const left = endNow(held)
  if (left === 0) return
  try {
    await leases.store.refund([refundOf(held, left)])
  } catch {
    return
  }
}

/** Ends what is held of a partition in every zone, and what is in flight: it was blocked or reset. */
export async function end(leases: Leases, partition: string): Promise<void> {
  const ended: Promise<void>[] = []
  for (const busy of leases.active) {
    if (busy.partition !== partition) continue
    busy.ended = true
    if (leases.zones.get(busy.zone.name)?.delete(partition)) leases.partitions--
    ended.push(giveBack(leases, busy))
  }
  await Promise.all(ended)
}

/** Ends all leases, and begins none. */
export async function endAll(leases: Leases): Promise<void> {
  leases.closed = true
  await Promise.all(
    Array.from(leases.active, async (busy) => {
      await busy.taking?.catch(nothing)
      // Where none came, some of the units before them may be left.
      await giveBack(leases, busy)
    }),
  )
}

function nothing(): void {
  // Whoever waits for the units hears of the fault.
}

/** Notes that a partition has asked. A full memory begins anew: what is held goes on until its lease ends. */
function note(leases: Leases, { zone, partition, quotas }: Charge, now: Micros): void {
  if (leases.partitions >= leases.maxPartitions) {
    leases.zones.clear()
    leases.partitions = 0
  }
  const table = leases.zones.get(zone.name) ?? new Map<string, Busy>()
  leases.zones.set(zone.name, table)
  if (!table.has(partition)) leases.partitions++
  table.set(partition, {
    zone,
    partition,
    quotas,
    askedAt: now,
    notBefore: now,
    held: undefined,
    stopTimer: nothing,
    taking: undefined,
    promised: 0,
    ended: false,
  })
}
