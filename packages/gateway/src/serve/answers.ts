import type { ServerResponse } from 'node:http'

/** The answers that are not finished. */
export interface Answers {
  /** Takes an answer in; gives what takes it out again. */
  add(response: ServerResponse): () => void
  /** In the order in which they were taken in. */
  list(): ServerResponse[]
}

interface Entry {
  readonly response: ServerResponse
  readonly turn: number
  at: number
}

/**
 * An empty collection. An array whose last entry fills each gap, not a `Set`: the tables that a busy `Set` outgrows point
 * at each other and keep every answer alive until the next full collection, which cost a tenth of all time for a request.
 */
export function answers(): Answers {
  const entries: Entry[] = []
  let turns = 0

  return {
    add: (response) => {
      const entry: Entry = { response, turn: turns++, at: entries.length }
      entries.push(entry)
      return () => {
        const last = entries.pop()
        if (last === undefined || last === entry) return
        last.at = entry.at
        entries[entry.at] = last
      }
    },
    list: () => [...entries].sort((a, b) => a.turn - b.turn).map(({ response }) => response),
  }
}
