import type { Zone } from '../../core/charge.js'
import type { Quota } from '../../core/quota.js'
import type { Micros } from '../../core/units.js'
import type { CellCounter, MakeCounter } from './counter.js'
import type { FingerprintKey } from './fingerprint.js'
import { fingerprint, fingerprintKey, print } from './fingerprint.js'
import type { Layout } from './layout.js'
import { BLOCKED_UNTIL, countersOf, createLayout } from './layout.js'
import type { Budget, Slab } from './slab.js'
import { createSlab } from './slab.js'
import type { RowFilter, Segment, Table } from './table.js'
import { addRow, createTable, findRow, isFull, join, segmentBytes, segmentOf, split, sweep } from './table.js'

/** Partitions that newcomers share, by hash, once a store is full. */
const OVERFLOW_ROWS = 1000
/** In a full store one newcomer in so many looks for room: a flood must not cost a sweep each. */
const NEWCOMERS_A_SWEEP = 64
/** Newcomers leave this share of the memory to the logs of those who are there. */
const SHARE_OF_NEWCOMERS = 0.75

/** All rows of a store. */
export interface Pool {
  readonly maxPartitions: number
  readonly budget: Budget
  readonly slab: Slab
  readonly key: FingerprintKey
  readonly tables: ZoneTable[]
  readonly makeCounter: MakeCounter
  readonly onFull: () => void
  /** How many partitions there were when it became full; 0 while it is not. */
  fullWith: number
  partitions: number
  /** Charges that shared an overflow partition. */
  overflowed: number
  /** Where the sweep goes on: a table, and a segment in its directory. */
  readonly hand: { table: number; segment: number }
}

/** The rows of one zone. */
export interface ZoneTable {
  readonly name: string
  readonly layout: Layout
  readonly rows: Table
  /** Rows for newcomers to a full store, from the first on that needs one. */
  overflow: Float64Array | undefined
}

/** Where a partition's row in one table is: its own, or one that stands in for it. */
export interface Cursor {
  cells: Float64Array
  row: number
  /** Whose own row it is. */
  partition: string
  /** In which segment; none where it is not the partition's own. */
  segment: Segment | undefined
  /** How often the segment's rows had moved then: once more, and the row is elsewhere. */
  moves: number
}

/** A row that counts nothing, for partitions that have none. Never written to. */
const BLANK = new Float64Array(1024)

/** At a row that counts nothing, until a partition is located. */
export function createCursor(): Cursor {
  return { cells: BLANK, row: 0, partition: '', segment: undefined, moves: 0 }
}

/** The bounds of a store. */
export interface Bounds {
  readonly maxPartitions: number
  readonly maxBytes: number
  /** Called when it becomes full. */
  readonly onFull: () => void
}

/** A pool without tables: a zone gets one when it is first asked for. */
export function createPool(makeCounter: MakeCounter, { maxPartitions, maxBytes, onFull }: Bounds): Pool {
  const budget = { used: 0, max: maxBytes }
  const hand = { table: 0, segment: 0 }
  return {
    maxPartitions,
    budget,
    slab: createSlab(budget),
    key: fingerprintKey(),
    tables: [],
    makeCounter,
    onFull,
    fullWith: 0,
    partitions: 0,
    overflowed: 0,
    hand,
  }
}

/** The table of a zone, which is made on first use, and the zone's counters in it. */
export function bindZone(pool: Pool, zone: Zone): { table: ZoneTable; counters: readonly CellCounter[] } {
  const make = (quota: Quota, offset: number) => pool.makeCounter(quota, offset, pool.slab)
  let table = pool.tables.find(({ name }) => name === zone.name)
  if (!table) {
    const layout = createLayout()
    countersOf(layout, zone, make)
    table = { name: zone.name, layout, rows: createTable(layout.cells), overflow: undefined }
    pool.budget.used += segmentBytes(table.rows.stride)
    pool.tables.push(table)
  }
  const counters = countersOf(table.layout, zone, make)
  widen(pool, table)
  return { table, counters }
}

/**
 * Finds the row to read for a partition: its own, the overflow row that it would share, or a blank one. Returns whether
 * it is its own. The row that was found last is often the next one too, and then nothing need be hashed; a segment
 * counts how often its rows move.
 */
export function locate(pool: Pool, table: ZoneTable, partition: string, cursor: Cursor): boolean {
  const there = cursor.partition === partition && cursor.segment?.moves === cursor.moves
  return there || search(pool, table, partition, cursor)
}

function search(pool: Pool, table: ZoneTable, partition: string, cursor: Cursor): boolean {
  fingerprint(partition, pool.key)
  const segment = segmentOf(table.rows)
  const row = findRow(segment)
  if (row >= 0) {
    point(cursor, partition, segment, row)
    return true
  }
  cursor.segment = undefined
  cursor.cells = table.overflow ?? BLANK
  cursor.row = table.overflow ? overflowRow(table) : 0
  return false
}

function point(cursor: Cursor, partition: string, segment: Segment, row: number): void {
  cursor.partition = partition
  cursor.segment = segment
  cursor.moves = segment.moves
  cursor.cells = segment.cells
  cursor.row = row
}

/**
 * Gives the partition that `locate` just missed a row to write to. It begins as a copy of the overflow row that the
 * partition may have shared before, so that no unit is handed out twice. In a full store it is that row itself.
 */
export function claim(pool: Pool, table: ZoneTable, partition: string, now: Micros, cursor: Cursor): void {
  const segment = roomFor(pool, table, now)
  if (!segment) {
    shareOverflow(pool, table, cursor)
    return
  }

  const row = addRow(segment)
  pool.partitions++
  if (table.overflow) copyRow(table, cursor, segment.cells, row)
  point(cursor, partition, segment, row)
}

/** Drops what says nothing any more from the next segment, and returns how many rows those were. */
export function sweepNext(pool: Pool, now: Micros): number {
  const { hand } = pool
  const table = pool.tables[hand.table]
  if (!table) return 0

  const { directory } = table.rows
  const index = hand.segment % directory.length
  const dropped = sweepSegment(pool, table, directory[index] as Segment, now)
  while (join(table.rows, index % table.rows.directory.length)) {
    pool.budget.used -= segmentBytes(table.rows.stride)
  }

  hand.segment = index + 1
  if (hand.segment >= table.rows.directory.length) {
    hand.segment = 0
    hand.table = (hand.table + 1) % pool.tables.length
  }
  return dropped
}

/** The segment that takes the newcomer, after making room in it; none where the store is full. */
function roomFor(pool: Pool, table: ZoneTable, now: Micros): Segment | undefined {
  const looks = pool.fullWith === 0 || pool.overflowed % NEWCOMERS_A_SWEEP === 0
  if (looks && pool.partitions >= pool.maxPartitions) sweepNext(pool, now)
  let segment = segmentOf(table.rows)
  while (looks && isFull(segment)) {
    const dropped = sweepSegment(pool, table, segment, now)
    if (dropped > segment.live / 8) break
    const bytes = segmentBytes(table.rows.stride)
    if (pool.budget.used + bytes > pool.budget.max * SHARE_OF_NEWCOMERS) break
    split(table.rows, segment)
    pool.budget.used += bytes
    segment = segmentOf(table.rows)
  }
  return isFull(segment) || pool.partitions >= pool.maxPartitions ? undefined : segment
}

function sweepSegment(pool: Pool, table: ZoneTable, segment: Segment, now: Micros): number {
  const { counters } = table.layout
  const isLive: RowFilter = (cells, row) => {
    if ((cells[row + BLOCKED_UNTIL] as number) > now) return true
    for (const counter of counters) if (!counter.isSpent(cells, row, now)) return true
    return false
  }
  const dropped = sweep(table.rows, segment, isLive, (cells, row) => {
    for (const counter of counters) counter.release(cells, row)
  })
  pool.partitions -= dropped
  // Called full anew only after a tenth is free again: a store on the brink does not report at every charge.
  if (pool.partitions < 0.9 * pool.fullWith) pool.fullWith = 0
  return dropped
}

function shareOverflow(pool: Pool, table: ZoneTable, cursor: Cursor): void {
  pool.overflowed++
  if (pool.fullWith === 0) {
    pool.fullWith = Math.max(1, pool.partitions)
    pool.onFull()
  }
  if (!table.overflow) {
    table.overflow = new Float64Array(OVERFLOW_ROWS * table.layout.cells)
    pool.budget.used += table.overflow.byteLength
  }
  cursor.cells = table.overflow
  cursor.row = overflowRow(table)
}

function overflowRow(table: ZoneTable): number {
  return ((print.high >>> 0) % OVERFLOW_ROWS) * table.layout.cells
}

function copyRow({ layout }: ZoneTable, from: Cursor, cells: Float64Array, row: number): void {
  for (let i = 0; i < layout.cells; i++) cells[row + i] = from.cells[from.row + i] as number
  for (const counter of layout.counters) counter.detach(cells, row)
}

/** Makes room for counters that the layout has gained. Segments follow when they are next used. */
function widen(pool: Pool, table: ZoneTable): void {
  const { rows, layout } = table
  const stride = layout.cells + 1
  if (rows.stride === stride) return

  const segments = new Set(rows.directory).size
  pool.budget.used += segments * (segmentBytes(stride) - segmentBytes(rows.stride))
  if (table.overflow) {
    const wider = new Float64Array(OVERFLOW_ROWS * layout.cells)
    for (let row = 0; row < OVERFLOW_ROWS; row++) {
      wider.set(table.overflow.subarray(row * (rows.stride - 1), (row + 1) * (rows.stride - 1)), row * layout.cells)
    }
    pool.budget.used += wider.byteLength - table.overflow.byteLength
    table.overflow = wider
  }
  rows.stride = stride
}
