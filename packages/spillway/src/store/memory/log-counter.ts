import type { SlidingWindow } from '../../core/quota.js'
import { slidingWindow, slotOf } from '../../core/sliding-window.js'
import type { CellCounter } from './counter.js'
import { onTheWall } from './counter.js'
import { admitToLog, freeLog, LOG_CELLS, NEWEST, readLog, takeInLog, weighLog, writeLog } from './log-cells.js'
import type { Slab } from './slab.js'

/** A sliding window in the cells of a log, with its ring in the slab. */
export function logCounter(quota: SlidingWindow, offset: number, slab: Slab): CellCounter {
  const kind = { quota, slot: slotOf(quota) }
  return {
    quota,
    offset,
    length: LOG_CELLS,
    weigh: (other, cells, row, cost, now) => weighLog(kind, other.limit, cells, row + offset, cost, now, slab),
    take: (cells, row, cost, now, skew) => takeInLog(kind, cells, row + offset, cost, now, skew, slab),
    admit: (cells, row, cost, now, skew) => admitToLog(kind, cells, row + offset, cost, now, skew, slab),
    giveBack(cells, row, cost, now, skew, undo) {
      const at = row + offset
      const log = slidingWindow.moveBack(readLog(cells, at, slab), skew)
      const left = slidingWindow.giveBack(log, quota, cost, now - skew, onTheWall(undo, skew))
      freeLog(cells, at, slab)
      writeLog(cells, at, slidingWindow.moveBack(left, -skew), slab)
    },
    isSpent: (cells, row, now) => (cells[row + offset + NEWEST] as number) + quota.window <= now,
    release: (cells, row) => freeLog(cells, row + offset, slab),
    detach: (cells, row) => writeLog(cells, row + offset, readLog(cells, row + offset, slab), slab),
  }
}
