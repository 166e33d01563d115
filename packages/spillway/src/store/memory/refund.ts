import type { Allowed } from '../../core/decision.js'
import { fixedWindow } from '../../core/fixed-window.js'
import { undoOf } from '../../core/record.js'
import { slidingWindow } from '../../core/sliding-window.js'
import { tokenBucket } from '../../core/token-bucket.js'
import type { Micros, Units } from '../../core/units.js'
import type { CellCounter } from './layout.js'
import { freeLog, readLog, writeLog } from './log-cells.js'
import type { Slab } from './slab.js'

/** Gives units back to a counter. Refunds are rare: the plain form of each algorithm does it, on a copy. */
export function giveBackCells(
  counter: CellCounter,
  cells: Float64Array,
  row: number,
  cost: Units,
  now: Micros,
  skew: Micros,
  slab: Slab,
  charge: Allowed | undefined,
): void {
  const at = row + counter.offset
  const undo = charge && undoOf(charge, counter.quota)
  const onTheWall = undo && { ...undo, at: undo.at - skew, countedAt: undo.at - skew }
  const [first, second] = [cells[at] as number, cells[at + 1] as number]

  switch (counter.algorithm) {
    case 'token-bucket': {
      const { fullAt, part } = tokenBucket.giveBack({ fullAt: first, part: second }, counter.quota, cost, now, undo)
      cells[at] = fullAt
      cells[at + 1] = part
      return
    }
    case 'fixed-window': {
      const state = { endsAt: first - skew, count: second }
      cells[at + 1] = fixedWindow.giveBack(state, counter.quota, cost, now - skew, onTheWall).count
      return
    }
    case 'sliding-window': {
      const log = slidingWindow.moveBack(readLog(cells, at, slab), skew)
      const left = slidingWindow.giveBack(log, counter.quota, cost, now - skew, onTheWall)
      freeLog(cells, at, slab)
      writeLog(cells, at, slidingWindow.moveBack(left, -skew), slab)
    }
  }
}
