import type { Zone } from '../../core/charge.js'
import type { Quota } from '../../core/quota.js'
import { sameCounter } from '../../core/same-counter.js'
import type { CellCounter } from './counter.js'

/** The first cell of every row: until when its partition is blocked. */
export const BLOCKED_UNTIL = 0
const FIRST_COUNTER = 1

/** The counters that a zone's rows hold. Counters are only ever added: what unchanged quotas counted stays. */
export interface Layout {
  readonly counters: CellCounter[]
  cells: number
}

/** Of rows that hold a block and no counter yet. */
export function createLayout(): Layout {
  return { counters: [], cells: FIRST_COUNTER }
}

/** The zone's counters in the layout, which grows by those that it lacks. */
export function countersOf(
  layout: Layout,
  zone: Zone,
  make: (quota: Quota, offset: number) => CellCounter,
): readonly CellCounter[] {
  return zone.counters.map((quota) => {
    const known = layout.counters.find((counter) => sameCounter(counter.quota, quota))
    if (known) return make(quota, known.offset)

    const counter = make(quota, layout.cells)
    layout.counters.push(counter)
    layout.cells += counter.length
    return counter
  })
}
