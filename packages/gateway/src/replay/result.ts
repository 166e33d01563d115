import type { Micros } from 'spillway'
import type { Unparsed } from '../logs/read-log.js'
import type { HeatResult } from './tally/heat.js'
import type { TimelineResult } from './tally/timeline.js'

/** How many, and the share of all: 0.01 is one in a hundred. */
export interface Refused {
  readonly requests: number
  readonly clients: number
  readonly requestShare: number
  readonly clientShare: number
}

/** Requests, and what became of them. */
export interface Outcomes {
  readonly requests: number
  readonly allowed: number
  readonly denied: number
  readonly blocked: number
}

/** Outcomes under one name: a group, a status, a path, a bot. */
export interface NamedOutcomes extends Outcomes {
  readonly name: string
}

/**
 * What one rule decided, in one mode: a rule in roll-out has a second line in `shadow`, for the partitions that it has not
 * reached, and a candidate stands below the rule of the same name. Both decide too; they refuse nobody.
 */
export interface RuleResult extends Outcomes {
  readonly name: string
  readonly layer: string
  readonly mode: 'enforce' | 'shadow' | 'candidate'
  readonly quotas: readonly QuotaResult[]
  /** Clients that came to this rule, and those of them that it refused. */
  readonly clients: number
  readonly refusedClients: number
  /** Clients by the highest use of the limit that each met: ten steps of a tenth, and last those that were refused. */
  readonly peaks: readonly number[]
  readonly timeline: TimelineResult
}

/** How often a quota refused. */
export interface QuotaResult {
  readonly name: string
  readonly limit: number
  /** Absent where a calendar draws the window. */
  readonly window?: Micros
  readonly algorithm: string
  readonly denied: number
}

/** A client that would have been refused. Times are in microseconds since the epoch. */
export interface RefusedClient extends Outcomes {
  /** `ip:192.0.2.1`, `user:alice`; of a key the hash. */
  readonly name: string
  readonly group: string
  readonly first: Micros
  readonly last: Micros
  /** From a refusal to the next request that passed, or to the last refusal, in all. */
  readonly refusedFor: Micros
  /** Refused requests that had succeeded: their status is below 400. */
  readonly succeeded: number
  /** Refused requests that the log has as 401, 403 or 404. */
  readonly suspect: number
  /** Refusals over time; absent for a client that was refused after 5,000 others. */
  readonly timeline?: TimelineResult
}

/** A client that only one of two policies refuses. */
export interface ComparedClient {
  readonly name: string
  readonly requests: number
  readonly refused: number
}

/** What another policy would have done to the same requests. */
export interface CompareResult {
  readonly policy: string
  readonly refused: { readonly requests: number; readonly clients: number }
  /** Clients that it refuses and the first policy does not, those with the most refusals first. */
  readonly newlyRefused: { readonly clients: number; readonly first: readonly ComparedClient[] }
  readonly newlyFreed: { readonly clients: number; readonly first: readonly ComparedClient[] }
}

/** What a policy would have done to a log: the JSON of `spillway replay --json`, described by spec/replay.schema.json. */
export interface ReplayResult {
  readonly policy: string
  readonly logs: readonly { readonly file: string; readonly format: string }[]
  /** Times of the first and the last request, microseconds since the epoch; absent of an empty log. */
  readonly from?: Micros
  readonly to?: Micros
  readonly requests: number
  readonly clients: number
  readonly allowed: number
  readonly denied: Refused
  readonly blocked: Refused
  /** Denied or blocked. */
  readonly refused: Refused
  /** Refused requests by what the log says that they came to. */
  readonly refusedBy: { readonly succeeded: number; readonly suspect: number; readonly other: number }
  /** Requests that no rule limits. */
  readonly unlimited: number
  /** Requests whose target is ambiguous: 400. */
  readonly malformed: number
  /** Requests of nobody, under `anonymous: deny`: 401. */
  readonly unidentified: number
  readonly unparsed: { readonly lines: number; readonly first: readonly Unparsed[] }
  readonly order: { readonly moved: number; readonly late: number; readonly setBack: number }
  readonly layers: readonly NamedOutcomes[]
  readonly rules: readonly RuleResult[]
  readonly groups: readonly NamedOutcomes[]
  readonly statuses: readonly NamedOutcomes[]
  /** The paths with the most refused requests. */
  readonly paths: readonly NamedOutcomes[]
  /** Known bots by name, and all of them together. */
  readonly bots: Outcomes & { readonly byName: readonly NamedOutcomes[] }
  /** Those that were refused most. */
  readonly refusedClients: readonly RefusedClient[]
  readonly heat: HeatResult
  /** Absent unless another policy was to be compared. */
  readonly compare?: CompareResult
  /** What is not exact, and how near it is; empty where all is. */
  readonly approximate: readonly string[]
}
