import type { Zone } from '../../core/charge.js'
import type { CalendarWindow, FixedWindow, Quota, SlidingWindow, TokenBucket } from '../../core/quota.js'
import type { Rate } from '../../core/rate.js'
import { rateOf } from '../../core/rate.js'
import { sameCounter } from '../../core/same-counter.js'
import { slotOf } from '../../core/sliding-window.js'
import type { Micros } from '../../core/units.js'

/** The first cell of every row: until when its partition is blocked. */
export const BLOCKED_UNTIL = 0
const FIRST_COUNTER = 1

/** A counter of a zone, and where in a row its cells are. Told apart by `algorithm`. */
export type CellCounter = BucketCells | WindowCells | LogCells

interface BucketCells {
  readonly algorithm: 'token-bucket'
  readonly quota: TokenBucket
  readonly offset: number
  readonly rate: Rate
}

interface WindowCells {
  readonly algorithm: 'fixed-window'
  readonly quota: FixedWindow | CalendarWindow
  readonly offset: number
}

/** Four cells: the units in all, the times of the newest and the oldest, and the place of the ring in the slab (0: all are of one time). */
export interface LogCells {
  readonly algorithm: 'sliding-window'
  readonly quota: SlidingWindow
  readonly offset: number
  readonly slot: Micros
}

/** The counters that a zone's rows hold. Counters are only ever added: what unchanged quotas counted stays. */
export interface Layout {
  readonly counters: CellCounter[]
  cells: number
}

export function createLayout(): Layout {
  return { counters: [], cells: FIRST_COUNTER }
}

/** The zone's counters in the layout, which grows by those that it lacks. */
export function countersOf(layout: Layout, zone: Zone): readonly CellCounter[] {
  return zone.counters.map((quota) => {
    const known = layout.counters.find((counter) => sameCounter(counter.quota, quota))
    if (known) return cellsFor(quota, known.offset)

    const counter = cellsFor(quota, layout.cells)
    layout.counters.push(counter)
    layout.cells += counter.algorithm === 'sliding-window' ? 4 : 2
    return counter
  })
}

function cellsFor(quota: Quota, offset: number): CellCounter {
  switch (quota.algorithm) {
    case 'token-bucket':
      return { algorithm: quota.algorithm, quota, offset, rate: rateOf(quota) }
    case 'fixed-window':
      return { algorithm: quota.algorithm, quota, offset }
    case 'sliding-window':
      return { algorithm: quota.algorithm, quota, offset, slot: slotOf(quota) }
  }
}
