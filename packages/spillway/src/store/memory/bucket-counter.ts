import type { TokenBucket } from '../../core/quota.js'
import { rateOf } from '../../core/rate.js'
import { sizeOf } from '../../core/tightest.js'
import { admitToBucket, takeFromBucket, tokenBucket, weighBucket } from '../../core/token-bucket.js'
import type { CellCounter } from './counter.js'
import { holdsNothing } from './counter.js'

/** A token bucket in two cells: when it is full again, and the part of a microsecond. */
export function bucketCounter(quota: TokenBucket, offset: number): CellCounter {
  const rate = rateOf(quota)
  const { burst } = quota
  return {
    quota,
    offset,
    length: 2,
    weigh: (other, cells, row, cost, now) => weighBucket(cells, row + offset, sizeOf(other), rate, cost, now),
    take: (cells, row, cost, now) => takeFromBucket(cells, row + offset, rate, cost, now),
    admit: (cells, row, cost, now) => admitToBucket(cells, row + offset, burst, rate, cost, now),
    giveBack(cells, row, cost, now, _skew, undo) {
      const at = row + offset
      const state = { fullAt: cells[at] as number, part: cells[at + 1] as number }
      const { fullAt, part } = tokenBucket.giveBack(state, quota, cost, now, undo)
      cells[at] = fullAt
      cells[at + 1] = part
    },
    isSpent(cells, row, now) {
      const at = row + offset
      return (cells[at] as number) + (cells[at + 1] === 0 ? 0 : 1) <= now
    },
    ...holdsNothing,
  }
}
