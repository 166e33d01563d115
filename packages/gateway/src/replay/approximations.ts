import type { Replay } from './replay.js'
import { MOST_CLIENTS } from './tally/clients.js'

/** What of the counts of a replay is not exact, and how near it is; empty where all is. */
export function approximations({ tally, overflowed }: Replay): string[] {
  const more = tally.clients.more.all.estimate()
  const shared = overflowed()
  return [
    ...(more > 0
      ? [
          `${MOST_CLIENTS} clients were counted one by one; about ${more} more are estimated, within 2 %, and none of them is listed`,
        ]
      : []),
    ...(tally.clients.kept.length > tally.rules.mostClients
      ? [`peaks and clients by rule are those of the first ${tally.rules.mostClients} clients`]
      : []),
    ...(tally.paths.exact() ? [] : ['there are too many paths to keep each: counts of the rarer ones may be too low']),
    ...(shared > 0 ? [`the store was full: ${shared} charges shared a partition with others`] : []),
  ]
}
