import type { Micros } from 'spillway'
import type { LogLine } from './log-line.js'

/** Lines that wait for their turn. */
export interface HeldLines {
  /** Holds a line; one that is far `ahead` of the others must not be in their way. */
  add(line: LogLine, ahead: boolean): void
  /** Takes the earliest line, if it is not after `until`. Of lines of one time the one that came first. */
  takeUntil(until: Micros): LogLine | undefined
  size(): number
}

interface Entry {
  readonly line: LogLine
  readonly at: Micros
  readonly nth: number
}

/** Lines in order wait in a ring of `places`, a power of two, the others in a heap: who writes in order pays nothing. */
export function heldLines(places: number): HeldLines {
  const ring = new Array<LogLine | undefined>(places)
  const heap: Entry[] = []
  let [head, size, nth] = [0, 0, 0]
  const inRing = (index: number) => ring[(head + index) & (places - 1)] as LogLine

  return {
    add(line, ahead) {
      if (!ahead && size < places && (size === 0 || line.at >= inRing(size - 1).at)) {
        ring[(head + size) & (places - 1)] = line
        size++
      } else putInHeap(heap, { line, at: line.at, nth: nth++ })
    },
    takeUntil(until) {
      const [top] = heap
      if (size === 0 || (top !== undefined && top.at < inRing(0).at)) {
        if (top === undefined || top.at > until) return undefined
        takeTop(heap)
        return top.line
      }
      const first = inRing(0)
      if (first.at > until) return undefined
      head = (head + 1) & (places - 1)
      size--
      return first
    },
    size: () => size + heap.length,
  }
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
