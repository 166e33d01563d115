import type { BoundQuota, Charge, Zone } from '../../core/charge.js'
import type { Decision, QuotaStanding } from '../../core/decision.js'
import { figures } from '../../core/figures.js'
import type { Quota } from '../../core/quota.js'
import { figuresOf, joined, sizeOf } from '../../core/tightest.js'
import type { Clock, Micros, Units } from '../../core/units.js'
import type { Terms } from '../store.js'
import type { StoreTime } from './clock.js'
import { readTime, storeTime } from './clock.js'
import type { Admit, CellCounter, MakeCounter } from './counter.js'
import { BLOCKED_UNTIL } from './layout.js'
import type { Bounds, Cursor, Pool, ZoneTable } from './pool.js'
import { bindZone, claim, createCursor, createPool, locate, sweepNext } from './pool.js'

/** A segment is looked through every so many calls: a full round takes half as many calls as there are partitions. */
const CALLS_A_SWEEP = 256
/** In a store of so few partitions there is next to nothing to give back, and a look takes as long as twenty charges. */
const FEW_PARTITIONS = 256
const CALLS_A_SWEEP_OF_FEW = 2048

/** A store's rows and its time. */
export interface Memory {
  readonly pool: Pool
  readonly time: StoreTime
  /** Zones come and go: with each reload of a policy, and with limits that a function says. */
  readonly bindings: WeakMap<Zone, Binding>
  /** Of the zone that was asked for last: usually the next one too. */
  lastBinding: Binding | undefined
  /** Calls until the next segment is looked through. */
  untilSweep: number
}

/** A zone with its table and the places of its counters. */
export interface Binding {
  readonly zone: Zone
  readonly table: ZoneTable
  readonly counters: readonly CellCounter[]
  readonly everywhere: Binding | undefined
  /** The row at hand: one object for all calls, so that none allocates. */
  readonly cursor: Cursor
  /** The admission to the first counter; none in a zone without. */
  readonly admit: Admit | undefined
  /** The quotas of the rule that was found to be simple last: a rule's charges all carry the same ones. */
  simple: Charge['quotas'] | undefined
}

/** A memory without records. Zones are bound when they are first asked for. */
export function createMemory(clock: Clock, makeCounter: MakeCounter, bounds: Bounds): Memory {
  return {
    pool: createPool(makeCounter, bounds),
    time: storeTime(clock),
    bindings: new WeakMap(),
    lastBinding: undefined,
    untilSweep: CALLS_A_SWEEP,
  }
}

/** Reads the clock, and now and then sweeps a little. */
export function startCall(memory: Memory): Micros {
  const now = readTime(memory.time)
  sweepNowAndThen(memory, now)
  return now
}

function sweepNowAndThen(memory: Memory, now: Micros): void {
  if (--memory.untilSweep > 0) return
  memory.untilSweep = memory.pool.partitions < FEW_PARTITIONS ? CALLS_A_SWEEP_OF_FEW : CALLS_A_SWEEP
  sweepNext(memory.pool, now)
}

/** `decide` for a single charge. */
export function decideSingle(memory: Memory, charge: Charge): Decision {
  return decideOne(memory, bindingOf(memory, charge.zone), charge, charge.partition, charge.cost)
}

/** `decide` for charges on the same terms, one at a time. */
export function chargerIn(memory: Memory, terms: Terms): (partition: string, cost: Units) => Decision {
  const binding = bindingOf(memory, terms.zone)
  return (partition, cost) => decideOne(memory, binding, terms, partition, cost)
}

/**
 * The row is looked up before the clock is read, so that the processor fetches it meanwhile. The usual case, a known
 * partition and a simple rule, comes first and is short, so that the engine makes one piece of code of it.
 */
function decideOne(memory: Memory, binding: Binding, terms: Terms, partition: string, cost: Units): Decision {
  const own = locate(memory.pool, binding.table, partition, binding.cursor)
  const blocked = blockedUntil(memory.pool, binding, partition)
  const now = readTime(memory.time)
  if (own && blocked <= now && terms.quotas === binding.simple && --memory.untilSweep > 0) {
    const decision = admitSimple(memory, binding, terms.quotas, cost, now)
    if (decision !== undefined) return decision
  }
  const { zone, quotas, block, onStoreFailure } = terms
  const charge = { zone, partition, quotas, cost, block, onStoreFailure }
  const decision = decideFully(memory, binding, charge, own, blocked > now, now)
  sweepNowAndThen(memory, now)
  return decision
}

function decideFully(
  memory: Memory,
  binding: Binding,
  charge: Charge,
  own: boolean,
  blocked: boolean,
  now: Micros,
): Decision {
  if (blocked || !fits(binding, charge, 0, now)) {
    return refuse(memory, charge, describe(memory, charge, 0, now), now)
  }
  if (isSimple(binding, charge)) binding.simple = charge.quotas
  return take(memory, binding, charge, own, now)
}

/** `decide` for several: all are looked at before the first is taken. */
export function decideAll(memory: Memory, charges: readonly Charge[], now: Micros): Decision[] {
  const { pool } = memory
  for (let i = 0; i < charges.length; i++) {
    const charge = charges[i] as Charge
    const binding = bindingOf(memory, charge.zone)
    locate(pool, binding.table, charge.partition, binding.cursor)
    const blocked = blockedUntil(pool, binding, charge.partition)
    if (blocked > now || !fits(binding, charge, aheadOf(charges, i), now)) return refuseAll(memory, charges, now)
  }
  const decisions: Decision[] = []
  for (const charge of charges) {
    const binding = bindingOf(memory, charge.zone)
    const own = locate(pool, binding.table, charge.partition, binding.cursor)
    decisions.push(take(memory, binding, charge, own, now))
  }
  return decisions
}

function refuseAll(memory: Memory, charges: readonly Charge[], now: Micros): Decision[] {
  const decisions = charges.map((charge, i) => describe(memory, charge, aheadOf(charges, i), now))
  return decisions.map((decision, i) => refuse(memory, charges[i] as Charge, decision, now))
}

/** What would be decided of a charge, in full, without taking anything. */
export function describe(memory: Memory, charge: Charge, ahead: Units, now: Micros): Decision {
  const { pool } = memory
  const binding = bindingOf(memory, charge.zone)
  const { counters, cursor } = binding
  locate(pool, binding.table, charge.partition, cursor)
  const { cells, row } = cursor
  const standings = charge.quotas.map(({ quota, counter }): QuotaStanding => {
    ;(counters[counter] as CellCounter).weigh(quota, cells, row, charge.cost + ahead, now)
    return { quota, remaining: figures.remaining, resetAfter: figures.resetAfter, retryAfter: figures.wait }
  })
  return joined(standings, blockedUntil(pool, binding, charge.partition) - now, now)
}

/** The units that earlier charges of the same request take from the same record. */
export function aheadOf(charges: readonly Charge[], index: number): Units {
  const { zone, partition } = charges[index] as Charge
  let units = 0
  for (let i = 0; i < index; i++) {
    const other = charges[i] as Charge
    if (other.quotas.length === 0 || other.partition !== partition || other.zone.name !== zone.name) continue
    units += other.cost
  }
  return units
}

/** Finds or makes the row of a partition, to write to. */
function writeTo(memory: Memory, zone: Zone, partition: string, now: Micros): Cursor {
  const { table, cursor } = bindingOf(memory, zone)
  if (!locate(memory.pool, table, partition, cursor)) claim(memory.pool, table, partition, now, cursor)
  return cursor
}

/** Refuses everything from the partition until a moment; a longer block that is there stays. */
export function blockUntil(memory: Memory, zone: Zone, partition: string, until: Micros, now: Micros): void {
  const { cells, row } = writeTo(memory, zone, partition, now)
  cells[row + BLOCKED_UNTIL] = Math.max(cells[row + BLOCKED_UNTIL] as number, until)
}

export function bindingOf(memory: Memory, zone: Zone): Binding {
  const { lastBinding } = memory
  return lastBinding?.zone === zone ? lastBinding : bind(memory, zone)
}

function bind(memory: Memory, zone: Zone): Binding {
  const known = memory.bindings.get(zone)
  const binding = known ?? newBinding(memory, zone)
  if (!known) memory.bindings.set(zone, binding)
  memory.lastBinding = binding
  return binding
}

function newBinding(memory: Memory, zone: Zone): Binding {
  const { pool } = memory
  const { table, counters } = bindZone(pool, zone)
  const everywhere = zone.everywhere && bind(memory, zone.everywhere)
  return { zone, table, counters, everywhere, cursor: createCursor(), admit: counters[0]?.admit, simple: undefined }
}

/** Whether the rule's one quota is all that its zone counts, under no other rule's limit. */
function isSimple({ counters }: Binding, { quotas }: Charge): boolean {
  const [first, counter] = [quotas[0], counters[0]]
  return quotas.length === 1 && counters.length === 1 && !!first && !!counter && sameSize(first.quota, counter.quota)
}

function sameSize(one: Quota, other: Quota): boolean {
  return one.limit === other.limit && sizeOf(one) === sizeOf(other)
}

/** Decides and takes at once, for a charge of a simple rule; nothing where it does not fit. */
function admitSimple(
  { time }: Memory,
  { cursor, admit }: Binding,
  rule: Charge['quotas'],
  cost: Units,
  at: Micros,
): Decision | undefined {
  if (!(admit as Admit)(cursor.cells, cursor.row, cost, at, time.skew)) return undefined

  const { quota } = rule[0] as BoundQuota
  const { remaining, resetAfter } = figures
  const quotas = [{ quota, remaining, resetAfter, retryAfter: 0 }]
  return { kind: 'allowed', limit: sizeOf(quota), remaining, resetAfter, quotas, at, taken: cost }
}

function fits({ counters, cursor }: Binding, charge: Charge, ahead: Units, now: Micros): boolean {
  const { quotas, cost } = charge
  const { cells, row } = cursor
  for (const { quota, counter } of quotas) {
    ;(counters[counter] as CellCounter).weigh(quota, cells, row, cost + ahead, now)
    if (figures.wait > 0) return false
  }
  return true
}

/** Until when the partition at the cursor is blocked, here or everywhere. */
function blockedUntil(pool: Pool, { cursor, everywhere }: Binding, partition: string): Micros {
  const here = cursor.cells[cursor.row + BLOCKED_UNTIL] as number
  return everywhere === undefined ? here : Math.max(here, blockedElsewhere(pool, everywhere, partition))
}

function blockedElsewhere(pool: Pool, { table, cursor }: Binding, partition: string): Micros {
  locate(pool, table, partition, cursor)
  return cursor.cells[cursor.row + BLOCKED_UNTIL] as number
}

function take(memory: Memory, binding: Binding, charge: Charge, own: boolean, now: Micros): Decision {
  const { pool, time } = memory
  const { quotas, cost } = charge
  const { counters, cursor } = binding
  if (quotas.length === 0) return { kind: 'allowed', ...figuresOf([]), at: now, taken: 0 }
  if (!own) claim(pool, binding.table, charge.partition, now, cursor)
  if (isSimple(binding, charge)) return admitSimple(memory, binding, quotas, cost, now) as Decision

  const { cells, row } = cursor
  for (const counter of counters) counter.take(cells, row, cost, now, time.skew)
  return allowedByAll(binding, charge, now)
}

function allowedByAll({ counters, cursor }: Binding, charge: Charge, now: Micros): Decision {
  const { cells, row } = cursor
  const standings = charge.quotas.map(({ quota, counter }): QuotaStanding => {
    ;(counters[counter] as CellCounter).weigh(quota, cells, row, 0, now)
    return { quota, remaining: figures.remaining, resetAfter: figures.resetAfter, retryAfter: 0 }
  })
  return { kind: 'allowed', ...figuresOf(standings), at: now, taken: charge.cost }
}

function refuse(memory: Memory, charge: Charge, decision: Decision, now: Micros): Decision {
  const { zone, partition, block } = charge
  if (decision.kind !== 'denied' || !block) return decision

  blockUntil(memory, (block.everywhere && zone.everywhere) || zone, partition, now + block.for, now)
  return { ...decision, retryAfter: Math.max(decision.retryAfter, block.for) }
}
