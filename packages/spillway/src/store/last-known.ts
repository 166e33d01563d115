import type { Charge, Zone } from '../core/charge.js'
import type { Decision, QuotaStanding } from '../core/decision.js'
import type { Quota } from '../core/quota.js'
import { sameCounter } from '../core/same-counter.js'
import { sizeOf } from '../core/tightest.js'
import type { Micros, Units } from '../core/units.js'

/**
 * The last figures of partitions, as numbers in arrays, so that noting those of a known partition makes no object.
 * Bounded by two generations: a full one becomes the old one, and the old one is dropped.
 */
export interface LastKnown {
  /** How many partitions a generation holds. */
  readonly max: number
  young: Generation
  old: Generation
  /** The table at hand: usually the next one too. */
  at: Table
  /** From then on no block is known. */
  blockedUntil: Micros
}

interface Generation {
  /** By what the rows are about: the quotas of a rule, or, of blocks alone, the zone. */
  readonly tables: Map<object, Table>
  readonly byZone: Map<string, Table[]>
  count: number
}

interface Table {
  readonly subject: object
  readonly quotas: Charge['quotas']
  readonly rows: Map<string, number>
  /** Rows that were ever begun. */
  size: number
  readonly stride: number
  cells: Float64Array
}

/** The cells of a row: its block, when its figures were told, and for each quota what remained, and when more would. */
const BLOCKED_UNTIL = 0
const TOLD_AT = 1
const FIGURES = 2

/** What was last known of one counter. */
export interface KnownCounter {
  readonly used: Units
  readonly resetAfter: Micros
  readonly age: Micros
}

/** What was last known of one record. */
export interface KnownRecord {
  readonly blockedFor: Micros
  /** One for each counter of the zone. */
  readonly counters: readonly (KnownCounter | undefined)[]
}

/** Nothing known yet; at most of `maxPartitions` something will be. */
export function createLastKnown(maxPartitions: number): LastKnown {
  return {
    max: Math.ceil(maxPartitions / 2),
    young: createGeneration(),
    old: createGeneration(),
    at: createTable({}, []),
    blockedUntil: 0,
  }
}

function createGeneration(): Generation {
  return { tables: new Map(), byZone: new Map(), count: 0 }
}

function createTable(subject: object, quotas: Charge['quotas']): Table {
  const stride = FIGURES + 2 * quotas.length
  return { subject, quotas, rows: new Map(), size: 0, stride, cells: new Float64Array(8 * stride) }
}

/** Notes what a store said of a charge. */
export function noteDecision(known: LastKnown, charge: Charge, decision: Decision, now: Micros): void {
  const { zone, partition, quotas, block } = charge
  switch (decision.kind) {
    case 'unknown':
      return
    case 'blocked': {
      // Before the cells are asked for: it may bring another table to hand.
      const row = rowFor(known, zone, quotas, quotas, partition)
      known.at.cells[row + BLOCKED_UNTIL] = now + decision.retryAfter
      known.blockedUntil = Math.max(known.blockedUntil, now + decision.retryAfter)
      return
    }
    case 'denied':
      // A shorter wait is that of a peek, in a hash slot after one that refused: it has started no block.
      if (block && decision.retryAfter >= block.for)
        noteBlock(known, (block.everywhere && zone.everywhere) || zone, partition, now + block.for)
      noteFigures(known, charge, decision.quotas, now)
      return
    case 'allowed':
      // Whoever lifted the block that was known, maybe another process.
      if (known.blockedUntil > now) forgetBlock(known, zone, partition)
      noteFigures(known, charge, decision.quotas, now)
      return
    case 'impossible':
      noteFigures(known, charge, decision.quotas, now)
  }
}

/** Notes until when a partition is blocked in a zone; a longer block that is there stays. */
export function noteBlock(known: LastKnown, zone: Zone, partition: string, until: Micros): void {
  const row = rowFor(known, zone, zone, [], partition)
  const { cells } = known.at
  cells[row + BLOCKED_UNTIL] = Math.max(cells[row + BLOCKED_UNTIL] as number, until)
  known.blockedUntil = Math.max(known.blockedUntil, until)
}

/** Forgets the block of a partition in a zone, and everywhere. */
export function forgetBlock(known: LastKnown, zone: Zone, partition: string): void {
  for (const { cells, row } of rowsOf(known, zone, partition)) cells[row + BLOCKED_UNTIL] = 0
  if (zone.everywhere) forgetBlock(known, zone.everywhere, partition)
}

/** Forgets a partition in a zone, and its block everywhere. */
export function forget(known: LastKnown, zone: Zone, partition: string): void {
  for (const { rows } of tablesOf(known, zone)) rows.delete(partition)
  if (zone.everywhere) forget(known, zone.everywhere, partition)
}

/** What is known of a record. It is told once: from then on whoever asked knows more. */
export function recall(known: LastKnown, zone: Zone, partition: string, now: Micros): KnownRecord | undefined {
  const found = [...rowsOf(known, zone, partition)]
  if (found.length === 0) return undefined
  for (const { table } of found) table.rows.delete(partition)
  return {
    blockedFor: Math.max(...found.map(({ cells, row }) => (cells[row + BLOCKED_UNTIL] as number) - now)),
    counters: zone.counters.map((counter) => mostUsed(found.flatMap((place) => countersAt(place, counter, now)))),
  }
}

interface Place {
  readonly table: Table
  readonly cells: Float64Array
  readonly row: number
}

function* rowsOf(known: LastKnown, zone: Zone, partition: string): Iterable<Place> {
  for (const table of tablesOf(known, zone)) {
    const index = table.rows.get(partition)
    if (index !== undefined) yield { table, cells: table.cells, row: index * table.stride }
  }
}

function* tablesOf({ young, old }: LastKnown, { name }: Zone): Iterable<Table> {
  yield* young.byZone.get(name) ?? []
  yield* old.byZone.get(name) ?? []
}

function countersAt({ table, cells, row }: Place, counter: Quota, now: Micros): KnownCounter[] {
  return table.quotas.flatMap(({ quota }, i) => {
    const remaining = cells[row + FIGURES + 2 * i] as number
    if (Number.isNaN(remaining) || !sameCounter(quota, counter)) return []
    const resetAt = cells[row + FIGURES + 2 * i + 1] as number
    return [{ used: sizeOf(quota) - remaining, resetAfter: resetAt - now, age: now - (cells[row + TOLD_AT] as number) }]
  })
}

function mostUsed(counters: readonly KnownCounter[]): KnownCounter | undefined {
  return counters.reduce<KnownCounter | undefined>(
    (most, each) => (most && most.used >= each.used ? most : each),
    undefined,
  )
}

function noteFigures(
  known: LastKnown,
  { zone, quotas, partition }: Charge,
  standings: readonly QuotaStanding[],
  now: Micros,
): void {
  const row = rowFor(known, zone, quotas, quotas, partition)
  const { cells } = known.at
  cells[row + TOLD_AT] = now
  for (let i = 0; i < standings.length; i++) {
    const { remaining, resetAfter } = standings[i] as QuotaStanding
    cells[row + FIGURES + 2 * i] = remaining
    cells[row + FIGURES + 2 * i + 1] = now + resetAfter
  }
}

/** Where the cells of a partition begin, in the table which is then the one at hand. */
function rowFor(known: LastKnown, zone: Zone, subject: object, quotas: Charge['quotas'], partition: string): number {
  if (known.at.subject !== subject) known.at = tableFor(known.young, zone, subject, quotas)
  const index = known.at.rows.get(partition)
  return index === undefined ? addRow(known, zone, quotas, partition) : index * known.at.stride
}

/** A new row for a partition. It begins with what the old generation had of it. */
function addRow(known: LastKnown, zone: Zone, quotas: Charge['quotas'], partition: string): number {
  const { subject } = known.at
  if (known.young.count >= known.max) {
    known.old = known.young
    known.young = createGeneration()
    known.at = tableFor(known.young, zone, subject, quotas)
  }
  const table = known.at
  const row = table.size * table.stride
  if (row === table.cells.length) table.cells = enlarged(table.cells)
  table.rows.set(partition, table.size)
  table.size++
  known.young.count++

  const before = known.old.tables.get(subject)
  const index = before?.rows.get(partition)
  if (before === undefined || index === undefined) table.cells.fill(Number.NaN, row + FIGURES, row + table.stride)
  else table.cells.set(before.cells.subarray(index * table.stride, (index + 1) * table.stride), row)
  return row
}

function enlarged(cells: Float64Array): Float64Array {
  const larger = new Float64Array(2 * cells.length)
  larger.set(cells)
  return larger
}

function tableFor(generation: Generation, zone: Zone, subject: object, quotas: Charge['quotas']): Table {
  const known = generation.tables.get(subject)
  if (known !== undefined) return known

  const table = createTable(subject, quotas)
  generation.tables.set(subject, table)
  generation.byZone.set(zone.name, [...(generation.byZone.get(zone.name) ?? []), table])
  return table
}
