import { print } from './fingerprint.js'

/** Rows to a segment. Small, so that copying one is no pause; a power of two, so that a bit mask finds a row's place. */
const ROWS = 1024
/** Past so many rows a segment is swept, and split if that made little room. */
const FULL = ROWS * 0.75
/** Two halves of a segment that hold less than this between them become one again. */
const SPARSE = ROWS * 0.25

/** Where a row's own cells begin, behind its fingerprint (eight bytes, as two halves). */
const PRINT_CELLS = 1

/**
 * Rows of numbers by fingerprint: extendible hashing (Fagin and others, 1979) over segments with linear probing. A
 * segment that is full splits in two, so that growth copies a thousand rows at a time, never all; one sparse enough
 * joins its twin again.
 */
export interface Table {
  /** By the low bits of the fingerprint's high half. A segment of less depth than the table stands here several times. */
  directory: Segment[]
  depth: number
  /** Cells to a row, its fingerprint among them. Grows when a zone gains counters; segments follow when they are next used. */
  stride: number
}

/** A part of a table: an open-addressed array of rows. */
export interface Segment {
  cells: Float64Array
  /** The same memory as `cells`. */
  prints: Int32Array
  stride: number
  live: number
  /** Counts the times that its rows have moved. */
  moves: number
  /** How many bits of the fingerprint all its rows share. */
  depth: number
}

/** Whether a row still says something. */
export type RowFilter = (cells: Float64Array, row: number) => boolean

/** A table of one segment without rows. `cellsPerRow` are a row's own cells, without its fingerprint. */
export function createTable(cellsPerRow: number): Table {
  const stride = PRINT_CELLS + cellsPerRow
  return { directory: [createSegment(stride, 0)], depth: 0, stride }
}

/** The segment where the row of the current fingerprint is, or would be. */
export function segmentOf(table: Table): Segment {
  const segment = table.directory[print.high & (table.directory.length - 1)] as Segment
  if (segment.stride !== table.stride) rebuild(segment, table.stride, everyRow)
  return segment
}

/** The index of the first own cell of the current fingerprint's row, or -1. */
export function findRow({ prints, stride }: Segment): number {
  const { high, low } = print
  for (let row = low & (ROWS - 1); ; row = (row + 1) & (ROWS - 1)) {
    const at = row * stride * 2
    const found = prints[at + 1] as number
    if (found === high && prints[at] === low) return row * stride + PRINT_CELLS
    if (found === 0) return -1
  }
}

/** Adds a row of zeros for the current fingerprint, which must not be there yet; the segment must not be full. */
export function addRow(segment: Segment): number {
  segment.live++
  return place(segment, print.high, print.low)
}

/** Whether a segment must be swept or split before it takes another row. */
export function isFull(segment: Segment): boolean {
  return segment.live >= FULL
}

/** The memory of a segment. */
export function segmentBytes(stride: number): number {
  return ROWS * stride * 8
}

/** Drops the rows that say nothing any more, with what belongs to them, and returns how many those were. */
export function sweep(
  table: Table,
  segment: Segment,
  isLive: RowFilter,
  drop: (cells: Float64Array, row: number) => void,
): number {
  if (segment.stride !== table.stride) rebuild(segment, table.stride, everyRow)
  if (!holdsSpent(segment, isLive)) return 0

  const before = segment.live

  rebuild(segment, table.stride, (cells, row) => {
    if (isLive(cells, row)) return true
    drop(cells, row)
    return false
  })
  return before - segment.live
}

/** Splits a segment by the next bit of its rows' fingerprints. */
export function split(table: Table, segment: Segment): void {
  if (segment.depth === table.depth) {
    table.directory = table.directory.concat(table.directory)
    table.depth++
  }
  const bit = 1 << segment.depth++
  const twin = createSegment(table.stride, segment.depth)
  rebuild(segment, table.stride, (cells, row) => {
    const [high, low] = printAt(segment, row)
    if ((high & bit) === 0) return true
    copyRow(cells, row, segment.stride, twin, high, low)
    return false
  })
  pointAt(table, print.high | bit, segment.depth, twin)
}

/** Joins a segment with its twin, if both are sparse. Returns whether it did. */
export function join(table: Table, index: number): boolean {
  const segment = table.directory[index] as Segment
  if (segment.depth === 0) return false
  const twinIndex = index ^ (1 << (segment.depth - 1))
  const twin = table.directory[twinIndex] as Segment
  if (twin.depth !== segment.depth || twin.live + segment.live >= SPARSE) return false

  rebuild(twin, table.stride, everyRow)
  rebuild(twin, table.stride, (cells, row) => {
    const [high, low] = printAt(twin, row)
    copyRow(cells, row, twin.stride, segment, high, low)
    return false
  })
  pointAt(table, twinIndex, segment.depth, segment)
  segment.depth--
  shrinkDirectory(table)
  return true
}

/** Makes every directory entry that shares `depth` bits with `index` point at a segment. */
function pointAt({ directory }: Table, index: number, depth: number, segment: Segment): void {
  const step = 1 << depth
  for (let i = index & (step - 1); i < directory.length; i += step) directory[i] = segment
}

function createSegment(stride: number, depth: number): Segment {
  const cells = new Float64Array(ROWS * stride)
  return { cells, prints: new Int32Array(cells.buffer), stride, live: 0, moves: 0, depth }
}

function everyRow(): boolean {
  return true
}

/** Looking costs less than copying, and most sweeps find nothing. */
function holdsSpent({ cells, prints, stride }: Segment, isLive: RowFilter): boolean {
  for (let row = 0; row < ROWS; row++) {
    if (prints[row * stride * 2 + 1] !== 0 && !isLive(cells, row * stride + PRINT_CELLS)) return true
  }
  return false
}

/**
 * Copies the rows that are kept into other cells, which may be more to a row. The cells that become free serve the next
 * rebuild: left to the garbage collector, their memory costs it milliseconds.
 */
function rebuild(segment: Segment, stride: number, keeps: RowFilter): void {
  const { cells, prints, stride: before } = segment
  const fresh = spare?.stride === stride ? spare : createSegment(stride, 0)
  fresh.cells.fill(0)
  fresh.live = 0
  for (let row = 0; row < ROWS; row++) {
    const high = prints[row * before * 2 + 1] as number
    const own = row * before + PRINT_CELLS
    if (high !== 0 && keeps(cells, own)) copyRow(cells, own, before, fresh, high, prints[row * before * 2] as number)
  }
  segment.cells = fresh.cells
  segment.prints = fresh.prints
  segment.stride = stride
  segment.live = fresh.live
  segment.moves++
  spare = { cells, prints, stride: before, live: 0, moves: 0, depth: 0 }
}

/** The cells of the latest rebuild, for the next. */
let spare: Segment | undefined

function copyRow(cells: Float64Array, row: number, stride: number, to: Segment, high: number, low: number): void {
  const target = place(to, high, low)
  for (let i = 0; i < stride - PRINT_CELLS; i++) to.cells[target + i] = cells[row + i] as number
  to.live++
}

function place({ prints, stride }: Segment, high: number, low: number): number {
  let row = low & (ROWS - 1)
  while (prints[row * stride * 2 + 1] !== 0) row = (row + 1) & (ROWS - 1)
  prints[row * stride * 2] = low
  prints[row * stride * 2 + 1] = high
  return row * stride + PRINT_CELLS
}

function printAt({ prints }: Segment, row: number): [high: number, low: number] {
  const at = (row - PRINT_CELLS) * 2
  return [prints[at + 1] as number, prints[at] as number]
}

function shrinkDirectory(table: Table): void {
  while (table.depth > 0 && table.directory.every(({ depth }) => depth < table.depth)) {
    table.directory.length /= 2
    table.depth--
  }
}
