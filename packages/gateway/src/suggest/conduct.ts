import type { LogLine } from '../logs/log-line.js'
import { botFinder } from '../replay/bots.js'
import type { Client } from '../replay/tally/clients.js'
import { clientName } from '../replay/tally/clients.js'
import { cameTo } from '../replay/tally/counts.js'

/** What a client looks like by its own requests. */
export interface Conduct {
  readonly client: Client
  requests: number
  /** Those that came to 401, 403 or 404, */
  suspect: number
  /** and those of a known bot. */
  byBot: number
  /** The name of the last known bot; absent until there is one. */
  bot: string | undefined
}

/** How clients behave in a part of a log. */
export interface ConductNotes {
  take(client: Client, line: LogLine): void
  /** Those that are told apart. */
  all(): readonly Conduct[]
}

/** Why a client does not look legitimate. */
export type Suspicion =
  | { readonly kind: 'bot'; readonly name: string }
  /** Its requests mostly came to 401, 403 or 404. */
  | { readonly kind: 'rejected'; readonly share: number }
  /** It asked for far more than everybody else. */
  | {
      readonly kind: 'heavy'
      readonly rule: string
      readonly window: string
      readonly peak: number
      readonly next: number
    }

/** Notes on the clients of one replay. */
export function conductNotes(): ConductNotes {
  const botOf = botFinder()
  const notes: Conduct[] = []
  return {
    all: () => notes.filter((each) => each !== undefined),
    take(client, line) {
      if (client.index < 0) return
      const conduct = notes[client.index] ?? { client, requests: 0, suspect: 0, byBot: 0, bot: undefined }
      notes[client.index] = conduct
      conduct.requests++
      if (cameTo(line.status) === 'suspect') conduct.suspect++
      const bot = botOf(line)
      if (bot === undefined) return
      conduct.byBot++
      conduct.bot = bot
    },
  }
}

/** Who has asked less often has only lost the way. */
const FEWEST_REQUESTS = 10

/** Why a client looks like no legitimate one by its requests alone; absent where it does. */
function suspicionOf({ requests, suspect, byBot, bot }: Conduct): Suspicion | undefined {
  if (bot !== undefined && 2 * byBot > requests) return { kind: 'bot', name: bot }
  if (requests >= FEWEST_REQUESTS && 2 * suspect > requests) return { kind: 'rejected', share: suspect / requests }
  return undefined
}

/**
 * Clients that do not look legitimate, by name: by their own requests, or because they are `known` for it from an
 * earlier part.
 */
export function suspicious(
  conducts: readonly Conduct[],
  known: ReadonlyMap<string, Suspicion> = new Map(),
): ReadonlyMap<string, Suspicion> {
  return new Map(
    conducts.flatMap((conduct) => {
      const name = clientName(conduct.client.identity)
      const suspicion = suspicionOf(conduct) ?? known.get(name)
      return suspicion === undefined ? [] : [[name, suspicion] as const]
    }),
  )
}
