import type { Micros } from 'spillway'
import { heldLines } from './held-lines.js'
import type { LogLine } from './log-line.js'
import { emptyLine } from './log-line.js'

/** Lines that are held back are put in order among each other; one that is out of order by more comes late. */
const ORDER_WINDOW: Micros = 60_000_000

/** However many lines the window has, no more are held. */
const MOST_HELD = 65_536
/** So many late lines, one after the other, tell that the clock of the log was set back. */
const LATE_IN_A_ROW = 100

/** How far the lines of a log were out of order. */
export interface OrderCount {
  /** Lines with an earlier time than the one before them, within the window: they were put in order. */
  moved: number
  /** Lines that came too late for that. They are handed on at once, at the time that was reached. */
  late: number
  /** How often the clock of the log was set back. */
  setBack: number
}

/** Puts lines in order of time. */
export interface LineOrder {
  readonly count: OrderCount
  /**
   * Takes a line, of which it keeps a copy; those that are due are handed on, at times that never go back, but for a
   * clock set back.
   */
  put(line: LogLine): void
  /** Hands on all that are held. */
  flush(): void
}

/**
 * Holds lines back until the log is `ORDER_WINDOW` further, and hands them on in order of time; those of one time as they
 * came. The log is only as far as two lines in a row say, so that one line from the year 2100 hurries nobody. The line
 * that is handed on is one object, used again for each.
 */
export function lineOrder(next: (line: LogLine, at: Micros) => void): LineOrder {
  const count: OrderCount = { moved: 0, late: 0, setBack: 0 }
  const held = heldLines(2 * MOST_HELD)
  const due = emptyLine()
  // In an object, as the engine makes a new one of every such number that is put into a variable of a closure.
  const time = { reached: Number.NEGATIVE_INFINITY, before: Number.NEGATIVE_INFINITY, handed: Number.NEGATIVE_INFINITY }
  let lateInARow = 0

  const hand = (line: LogLine): void => {
    time.handed = Math.max(time.handed, line.at)
    next(line, time.handed)
  }
  const release = (until: Micros): void => {
    while (held.takeUntil(until, due)) hand(due)
  }
  const takeLate = (line: LogLine): void => {
    count.late++
    if (++lateInARow === LATE_IN_A_ROW) {
      count.setBack++
      lateInARow = 0
      // Else they would come an hour later, among the lines of that minute; what is far ahead still waits.
      release(time.reached + ORDER_WINDOW)
      time.reached = line.at
      time.handed = line.at
    }
    hand(line)
  }

  return {
    count,
    put(line) {
      const { at } = line
      time.reached = Math.max(time.reached, Math.min(time.before, at))
      const isMoved = at < time.before
      time.before = at
      if (at < time.reached - ORDER_WINDOW) {
        takeLate(line)
        return
      }
      lateInARow = 0
      if (isMoved) count.moved++
      held.add(line, at > time.reached + ORDER_WINDOW)
      release(time.reached - ORDER_WINDOW)
      if (held.size() > MOST_HELD && held.takeUntil(Number.POSITIVE_INFINITY, due)) hand(due)
    },
    flush: () => release(Number.POSITIVE_INFINITY),
  }
}
