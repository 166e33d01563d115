import type { Micros } from 'spillway'

/** A share that requests draw on: a partition's record. Knows since when nothing drew on it. */
export interface Share {
  underway: number
  /** When the last request that drew on it, or may have, was answered. */
  drawnAt: Micros
  /** When the last refusal that starts a block was answered, and to which request; `several` where to more than one. */
  blockedAt: Micros
  blockedBy: object | 'several' | undefined
}

/** A share that nobody has drawn on yet. */
export function share(): Share {
  return { underway: 0, drawnAt: Number.NEGATIVE_INFINITY, blockedAt: Number.NEGATIVE_INFINITY, blockedBy: undefined }
}

/**
 * Since when certainly nothing but refusals of `asker` itself touched these shares. Absent where another request on one
 * of them is underway, and may be drawing now.
 */
export function undrawnSince(shares: readonly Share[], asker: object): Micros | undefined {
  let since = Number.NEGATIVE_INFINITY
  for (const { underway, drawnAt, blockedAt, blockedBy } of shares) {
    if (underway > 0) return undefined
    since = Math.max(since, drawnAt, blockedBy === asker ? since : blockedAt)
  }
  return since
}

/** Notes a refusal that starts a block, which holds for every request on these shares. */
export function noteBlock(shares: readonly Share[], asker: object, at: Micros): void {
  for (const each of shares) {
    each.blockedAt = at
    each.blockedBy = each.blockedBy === undefined || each.blockedBy === asker ? asker : 'several'
  }
}

/** Notes that a request drew on these shares, or may have at any time before `at`. */
export function noteDraw(shares: readonly Share[], at: Micros): void {
  for (const each of shares) each.drawnAt = Math.max(each.drawnAt, at)
}
