import type { Clock, Identity, Micros } from 'spillway'

/** So long after its last refusal a client counts as new again. */
const FORGOTTEN_AFTER: Micros = 600_000_000

/** So many refused clients are told apart; beyond it a flood of them counts as it comes. */
const MOST_CLIENTS = 100_000

/**
 * Counts clients that begin to be refused: one at its limit is that client's matter, several at once may be a limit
 * that is too small.
 */
export interface NewlyLimited {
  /**
   * Clients refused, since the start, that had not been refused for ten minutes; those silent for twenty are new for
   * certain.
   */
  readonly count: number
  /** A client was refused. */
  refused(identity: Identity): void
}

/** A count that begins at none. */
export function newlyLimited(clock: Clock): NewlyLimited {
  let count = 0
  // Those of the last ten minutes, and those of the ten before: to forget a client takes no timer and no walk through
  // all of them.
  let older = new Set<string>()
  let newer = new Set<string>()
  let turnsAt = clock.now() + FORGOTTEN_AFTER

  function turn(now: Micros): void {
    if (now < turnsAt && newer.size < MOST_CLIENTS) return
    older = now < turnsAt + FORGOTTEN_AFTER ? newer : new Set()
    newer = new Set()
    turnsAt = now + FORGOTTEN_AFTER
  }

  return {
    get count() {
      return count
    },
    refused({ kind, user }) {
      turn(clock.now())
      const client = `${kind}:${user}`
      if (newer.has(client)) return
      if (!older.has(client)) count++
      newer.add(client)
    },
  }
}
