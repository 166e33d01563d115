import type { Ring } from '../../core/ring-log.js'
import { ringLength } from '../../core/ring-log.js'

/** Numbers to a page. A power of two, so that a place splits into page and offset by its bits. */
const PAGE_BITS = 13
const PAGE_LENGTH = 1 << PAGE_BITS
const BYTES_A_PAGE = PAGE_LENGTH * 8
const SMALLEST = 4

/** Rings of 4, 8, 16 … entries, cut from pages of one size each. A page whose rings are all free is given back. */
export interface Slab {
  /** By page number; a number whose page was given back is free for another. */
  readonly pages: (Page | undefined)[]
  readonly freeNumbers: number[]
  /** For each size, the pages that have a free ring. */
  readonly open: Page[][]
  /** What `ringAt` returns: one object for all calls, so that none allocates. */
  readonly cursor: { -readonly [Field in keyof Ring]: Ring[Field] }
  readonly budget: Budget
}

/** The memory of a store, in bytes. */
export interface Budget {
  used: number
  readonly max: number
}

interface Page {
  readonly number: number
  readonly capacity: number
  readonly cells: Float64Array
  /** The offsets of its free rings. */
  readonly free: number[]
  readonly rings: number
  /** Its index in the list of open pages of its size, while it is there. */
  opened: number
}

/** A slab without pages. Place 0 is never given out: it stands for "no ring". */
export function createSlab(budget: Budget): Slab {
  const cursor = { cells: new Float64Array(0), base: 0, capacity: 0 }
  return { pages: [undefined], freeNumbers: [], open: [], cursor, budget }
}

/** The size of the smallest ring with room for so many entries. */
export function capacityFor(entries: number): number {
  let capacity = SMALLEST
  while (capacity < entries) capacity *= 2
  return capacity
}

/** Takes an empty ring, and returns its place; 0 where the budget has no room for it. */
export function allocate(slab: Slab, capacity: number): number {
  slab.open[sizeClass(capacity)] ??= []
  const open = slab.open[sizeClass(capacity)] as Page[]
  const page = open.at(-1) ?? addPage(slab, capacity, open)
  if (!page) return 0
  const offset = page.free.pop() as number
  if (page.free.length === 0) open.pop()
  page.cells[offset] = 0
  page.cells[offset + 1] = 0
  return page.number * PAGE_LENGTH + offset
}

/** Gives a ring back. */
export function release(slab: Slab, place: number): void {
  const page = pageOf(slab, place)
  const open = slab.open[sizeClass(page.capacity)] as Page[]
  if (page.free.length === 0) page.opened = open.push(page) - 1
  page.free.push(place & (PAGE_LENGTH - 1))
  if (page.free.length < page.rings) return

  const last = open.pop() as Page
  if (last !== page) {
    open[page.opened] = last
    last.opened = page.opened
  }
  slab.pages[page.number] = undefined
  slab.freeNumbers.push(page.number)
  slab.budget.used -= BYTES_A_PAGE
}

/** The ring at a place, until the next call. */
export function ringAt(slab: Slab, place: number): Ring {
  const { cells, capacity } = pageOf(slab, place)
  slab.cursor.cells = cells
  slab.cursor.base = place & (PAGE_LENGTH - 1)
  slab.cursor.capacity = capacity
  return slab.cursor
}

function pageOf(slab: Slab, place: number): Page {
  return slab.pages[place >>> PAGE_BITS] as Page
}

function sizeClass(capacity: number): number {
  return 31 - Math.clz32(capacity)
}

function addPage(slab: Slab, capacity: number, open: Page[]): Page | undefined {
  if (slab.budget.used + BYTES_A_PAGE > slab.budget.max) return undefined
  const number = slab.freeNumbers.pop() ?? slab.pages.length
  const rings = Math.floor(PAGE_LENGTH / ringLength(capacity))
  const free = Array.from({ length: rings }, (_, i) => i * ringLength(capacity))
  const page: Page = { number, capacity, cells: new Float64Array(PAGE_LENGTH), free, rings, opened: open.length }
  slab.pages[number] = page
  slab.budget.used += BYTES_A_PAGE
  open.push(page)
  return page
}
