import { describe, expect, it } from 'vitest'
import type { FingerprintKey } from './fingerprint.js'
import { fingerprint } from './fingerprint.js'
import type { Segment, Table } from './table.js'
import { addRow, createTable, findRow, isFull, join, segmentBytes, segmentOf, split, sweep } from './table.js'

const KEY: FingerprintKey = { k0: 1, k1: 2 }
const CELLS = 2

function nameOf(i: number): string {
  return `user:${i}`
}

function insert(table: Table, i: number): void {
  fingerprint(nameOf(i), KEY)
  while (isFull(segmentOf(table))) split(table, segmentOf(table))
  const segment = segmentOf(table)
  segment.cells[addRow(segment)] = i + 1
}

function read(table: Table, i: number): number {
  fingerprint(nameOf(i), KEY)
  const segment = segmentOf(table)
  const row = findRow(segment)
  return row < 0 ? -1 : (segment.cells[row] as number)
}

function tableOf(rows: number): Table {
  const table = createTable(CELLS)
  for (let i = 0; i < rows; i++) insert(table, i)
  return table
}

function segmentsOf(table: Table): Segment[] {
  return [...new Set(table.directory)]
}

/** Whether every row from `from` up to `to` is there and holds its own. */
function holds(table: Table, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (read(table, i) !== i + 1) return false
  return true
}

function liveIn(table: Table): number {
  return segmentsOf(table).reduce((sum, { live }) => sum + live, 0)
}

/** Joins whatever can be joined. */
function joinAll(table: Table): void {
  let joined = true
  while (joined) joined = table.directory.some((_, index) => join(table, index))
}

describe('a table', () => {
  it('finds nothing in an empty one', () => {
    expect(read(createTable(CELLS), 1)).toBe(-1)
  })

  it('finds every row again after it has split many times, and no other', () => {
    const table = tableOf(20_000)
    expect(segmentsOf(table).length).toBeGreaterThan(20_000 / 1024)
    expect(holds(table, 0, 20_000)).toBe(true)
    for (let i = 20_000; i < 20_500; i++) expect(read(table, i)).toBe(-1)
    expect(liveIn(table)).toBe(20_000)
  })

  it('drops in a sweep only the rows that are not kept', () => {
    const table = tableOf(5_000)
    const dropped = segmentsOf(table).map((segment) =>
      sweep(
        table,
        segment,
        (cells, row) => (cells[row] as number) % 2 === 0,
        () => undefined,
      ),
    )
    expect(dropped.reduce((sum, rows) => sum + rows)).toBe(2_500)
    for (let i = 0; i < 5_000; i++) expect(read(table, i)).toBe((i + 1) % 2 === 0 ? i + 1 : -1)
  })

  it('shrinks to one segment again when it is empty, by joining twins', () => {
    const table = tableOf(20_000)
    for (const segment of segmentsOf(table))
      sweep(
        table,
        segment,
        () => false,
        () => undefined,
      )
    joinAll(table)
    expect(table).toMatchObject({ depth: 0, directory: { length: 1 } })
    insert(table, 7)
    expect(read(table, 7)).toBe(8)
  })

  it('keeps every row while it grows, is thinned out, joins and grows again', () => {
    const table = tableOf(10_000)
    for (const segment of segmentsOf(table))
      sweep(
        table,
        segment,
        (cells, row) => (cells[row] as number) <= 300,
        () => undefined,
      )
    joinAll(table)
    expect(segmentsOf(table).length).toBeLessThan(4)
    for (let i = 10_000; i < 13_000; i++) insert(table, i)
    expect(holds(table, 0, 300)).toBe(true)
    expect(holds(table, 10_000, 13_000)).toBe(true)
    expect(liveIn(table)).toBe(3_300)
  })

  it('gives rows more cells when it is next used, and keeps what they held', () => {
    const table = tableOf(3_000)
    table.stride += 2
    expect(holds(table, 0, 3_000)).toBe(true)
    expect(segmentsOf(table).every(({ cells }) => cells.byteLength === segmentBytes(table.stride))).toBe(true)
    for (let i = 3_000; i < 6_000; i++) insert(table, i)
    expect(holds(table, 0, 6_000)).toBe(true)
  })

  it('never holds more rows in a segment than three quarters of it', () => {
    expect(segmentsOf(tableOf(20_000)).every(({ live }) => live <= 768)).toBe(true)
  })
})
