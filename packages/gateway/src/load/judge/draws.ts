import type { Micros, Units } from 'spillway'
import type { Reading, Told } from 'spillway/client'
import type { Share } from './shares.js'
import type { Watch } from './watch.js'
import { rateWatch } from './watch.js'

/** The watches over one quota of one share. */
export interface QuotaWatch {
  /** As a person knows it: `towns-60s: 10/minute`. */
  readonly quota: string
  readonly watches: readonly Watch[]
}

/** Units of an admitted request, and where they count. */
export interface Drawn {
  readonly watch: QuotaWatch
  readonly units: Units
}

/** On what a request of a client draws, as its policy, or the server itself, has it. */
export interface Draws {
  readonly shares: readonly Share[]
  /** Whether its refusal starts a block. */
  readonly startsBlock: boolean
  /** Whether what it promises can be held against a later answer: units that are given back let it pass sooner. */
  readonly promises: { readonly sooner: boolean; readonly later: boolean }
  /** What it draws where it is admitted. */
  drawn(status: number, told: Told | undefined): readonly Drawn[]
}

const SECOND: Micros = 1_000_000

/**
 * Draws by what a server says of its quotas in RateLimit fields. Whose share a policy counts, and by what algorithm, is
 * not in them: requests are taken to share only with those of the same client and target, and no less is allowed than
 * any algorithm would. Each promise counts until anybody at all is admitted, who may share: `everybody`.
 */
export function toldDraws(everybody: Share): Draws {
  const watches = new Map<string, QuotaWatch>()
  const most = new Map<string, Units>()
  return {
    shares: [everybody],
    startsBlock: true,
    promises: { sooner: true, later: true },
    drawn(_status, told) {
      return (told?.readings ?? []).flatMap((reading) => {
        const watch = toldWatch(watches, most, reading)
        return watch === undefined ? [] : [{ watch, units: 1 }]
      })
    },
  }
}

/** Quotas of one name that are told to one request, at most. */
const MOST_QUOTAS = 20

function toldWatch(
  watches: Map<string, QuotaWatch>,
  most: Map<string, Units>,
  { policy, limit, window, remaining, requests }: Reading,
): QuotaWatch | undefined {
  // A window is told in whole seconds and may be up to one shorter.
  if (limit === undefined || window === undefined || window <= SECOND || !requests) return undefined
  const name = `${policy}: ${limit} in ${window / SECOND} s`
  const burst = Math.max(2 * limit, remaining + 1, most.get(name) ?? 0)
  const known = watches.get(name)
  if (known !== undefined && burst === most.get(name)) return known
  if (known === undefined && watches.size >= MOST_QUOTAS) return undefined
  most.set(name, burst)
  const made = { quota: name, watches: [rateWatch(burst, limit, window - SECOND)] }
  watches.set(name, made)
  return made
}
