import type { Micros } from 'spillway'
import { lineRing } from './line-ring.js'
import type { LogLine } from './log-line.js'

/** Lines that wait for their turn. */
export interface HeldLines {
  /** Holds a copy of a line; one that is far `ahead` of the others must not be in their way. */
  add(line: LogLine, ahead: boolean): void
  /**
   * Takes the earliest line, if it is not after `until`, and tells whether it did. Of lines of one time the one that
   * came first.
   */
  takeUntil(until: Micros, into: LogLine): boolean
  size(): number
}

interface Entry {
  readonly line: LogLine
  readonly at: Micros
  readonly nth: number
  /** Of lines of one time, one that was far ahead came before those in the ring, any other after them. */
  readonly ahead: boolean
}

/** Lines in order wait in a ring of `places`, a power of two, the others in a heap: who writes in order pays nothing. */
export function heldLines(places: number): HeldLines {
  const ring = lineRing(places)
  const heap: Entry[] = []
  let nth = 0

  return {
    add(line, ahead) {
      const isInOrder = ring.size() === 0 || line.at >= ring.lastAt()
      if (isInOrder && !ahead && !ring.isFull()) ring.push(line)
      else putInHeap(heap, { line: { ...line }, at: line.at, nth: nth++, ahead })
    },
    takeUntil(until, into) {
      const [top] = heap
      if (ring.size() === 0 || (top !== undefined && comesBefore(top, ring.firstAt()))) {
        if (top === undefined || top.at > until) return false
        takeTop(heap)
        Object.assign(into, top.line)
        return true
      }
      if (ring.firstAt() > until) return false
      ring.shift(into)
      return true
    },
    size: () => ring.size() + heap.length,
  }
}

function comesBefore({ at, ahead }: Entry, inRing: Micros): boolean {
  return at < inRing || (at === inRing && ahead)
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.nth < b.nth)
}

function putInHeap(heap: Entry[], entry: Entry): void {
  let place = heap.push(entry) - 1
  while (place > 0) {
    const parent = (place - 1) >> 1
    if (!isBefore(entry, heap[parent] as Entry)) break
    heap[place] = heap[parent] as Entry
    place = parent
  }
  heap[place] = entry
}

function takeTop(heap: Entry[]): void {
  const moved = heap.pop()
  if (moved === undefined || heap.length === 0) return
  let place = 0
  for (let child = 1; child < heap.length; child = 2 * place + 1) {
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++
    if (!isBefore(heap[child] as Entry, moved)) break
    heap[place] = heap[child] as Entry
    place = child
  }
  heap[place] = moved
}
