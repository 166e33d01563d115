import { admitToWindow, fixedWindow, takeFromWindow, weighWindow } from '../../core/fixed-window.js'
import type { CalendarWindow, FixedWindow } from '../../core/quota.js'
import type { CellCounter } from './counter.js'
import { holdsNothing, onTheWall } from './counter.js'

/** A fixed window in two cells: when it ends, and what was taken since it started. */
export function windowCounter(quota: FixedWindow | CalendarWindow, offset: number): CellCounter {
  return {
    quota,
    offset,
    length: 2,
    weigh: (other, cells, row, cost, now) => weighWindow(cells, row + offset, other.limit, cost, now),
    take: (cells, row, cost, now, skew) => takeFromWindow(cells, row + offset, quota, cost, now, skew),
    admit: (cells, row, cost, now, skew) => admitToWindow(cells, row + offset, quota, cost, now, skew),
    giveBack(cells, row, cost, now, skew, undo) {
      const at = row + offset
      const state = { endsAt: (cells[at] as number) - skew, count: cells[at + 1] as number }
      cells[at + 1] = fixedWindow.giveBack(state, quota, cost, now - skew, onTheWall(undo, skew)).count
    },
    isSpent: (cells, row, now) => (cells[row + offset] as number) <= now,
    ...holdsNothing,
  }
}
