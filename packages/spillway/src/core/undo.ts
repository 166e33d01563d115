import type { Allowed } from './decision.js'
import type { Quota } from './quota.js'
import { sameCounter } from './same-counter.js'
import type { Undo } from './standing.js'
import type { Micros } from './units.js'

/** What is known of a charge that is to be undone in one counter. */
export function undoOf({ at, taken, quotas }: Allowed, counter: Quota, heldFor: Micros = 0): Undo {
  const standing = quotas.find(({ quota }) => sameCounter(quota, counter))
  return { at, countedAt: at + heldFor, taken, standing }
}
