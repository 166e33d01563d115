import type { Micros, Units } from 'spillway'
import type { Suspicion } from './conduct.js'

/** Of some clients those that were refused at least once; the share is 0 where there are none. */
export interface RefusedShare {
  readonly clients: number
  readonly refused: number
  readonly share: number
}

/** What a replay of the suggestion found in a part of the log. */
export interface Effect {
  readonly requests: number
  readonly refusedRequests: number
  /** Everybody, as `spillway replay` counts. */
  readonly all: RefusedShare
  readonly legitimate: RefusedShare
  /** Those that do not look legitimate. */
  readonly outliers: RefusedShare
}

/** Why a rule is as it is. */
export interface SuggestedRule {
  readonly name: string
  readonly kind: 'login' | 'assets' | 'path' | 'rest'
  readonly path?: string
  readonly regex?: string
  readonly method?: string | readonly string[]
  readonly block?: string
  readonly quotas: readonly SuggestedQuota[]
  /** Requests that came to it in the fitted part, */
  readonly requests: number
  /** and the legitimate clients that sent them, of which so many would be refused. */
  readonly clients: number
  readonly refused: number
  /** The others that would be refused, by what they look like. */
  readonly outliersRefused: Readonly<Partial<Record<Suspicion['kind'], number>>>
  /** The rule whose quotas it has, where no legitimate client came to it. */
  readonly like?: string
}

/** A quota, and the peaks of the legitimate clients that it was found by: the most requests of each at once in its window. */
export interface SuggestedQuota {
  readonly quota: string
  readonly limit: Units
  /** The least limit that would do, without headroom. */
  readonly needed: Units
  readonly median: Units
  readonly p99: Units
  readonly highest: Units
}

/** A client that does not look legitimate. */
export interface Outlier {
  /** As in a replay: `ip:192.0.2.1`. From the log, and hostile. */
  readonly name: string
  readonly suspicion: Suspicion
  readonly requests: number
  readonly refused: number
}

/** A policy that fits a log: the JSON of `spillway suggest --json`. */
export interface Suggestion {
  /** The policy file's text. */
  readonly yaml: string
  readonly logs: readonly { readonly file: string; readonly format: string }[]
  readonly unparsed: number
  /** Times of the first and the last request, microseconds since the epoch. */
  readonly from: Micros
  readonly to: Micros
  /** The share of legitimate clients that may be refused. */
  readonly refuse: number
  readonly rules: readonly SuggestedRule[]
  /** The part of the log that the limits were fitted to, */
  readonly fitted: Effect
  /** the later part that was held out, absent where none was, */
  readonly heldOut?: Effect
  /** and the whole log. */
  readonly whole: Effect
  readonly outliers: {
    readonly byKind: Readonly<Record<Suspicion['kind'], number>>
    readonly first: readonly Outlier[]
  }
  /** What a person should know before the figures are trusted. */
  readonly notes: readonly string[]
}
