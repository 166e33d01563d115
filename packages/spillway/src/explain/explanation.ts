import type { Decision } from '../core/decision.js'
import type { Quota } from '../core/quota.js'
import type { Micros, Units } from '../core/units.js'
import type { Answer } from '../http/answer.js'
import type { Identity } from '../identity/identity.js'
import type { Misfit } from '../policy/misfits.js'
import type { IdentityConfig, Rule } from '../policy/policy.js'
import type { Verdict } from '../verdict.js'

/**
 * Why a request is answered as it is. Plain data, fit for JSON, that holds no credential: of a key, and of a header that
 * names a partition, there is the start of the hash; of a target its path alone. Spans are in microseconds.
 */
export interface Explanation {
  readonly method: string
  /** The normal path that rules were held against. Absent of a malformed target. */
  readonly path?: string
  /** A CORS preflight: only rules that name `OPTIONS` are for it. */
  readonly preflight: boolean
  /** The policy's sources, in its order. */
  readonly sources: readonly SourceExplained[]
  /** Who asked. Absent where nobody was looked for, or nobody may be told. */
  readonly identity?: Pick<Identity, 'kind' | 'user' | 'group'>
  /** Empty where no rule was asked: of a malformed target, and where nobody is known to be asking. */
  readonly layers: readonly LayerExplained[]
  readonly verdict: VerdictExplained
  readonly answer: AnswerExplained
}

/** A source of identity. */
export interface SourceExplained {
  readonly source: IdentityConfig['source']
  /** `refused`: it ended the search with 401. `not-asked`: one before it had answered. */
  readonly outcome: 'answered' | 'silent' | 'refused' | 'not-asked'
  /** What it was told, or what it missed. */
  readonly because: string
}

/** A layer, with each of its rules in the order of the file. */
export interface LayerExplained {
  readonly name: string
  readonly rules: readonly RuleExplained[]
}

interface Named {
  readonly name: string
  readonly place: string
}

/** What became of one rule. */
export type RuleExplained =
  /** The first that is for the request: it applies. */
  | (Named & { readonly outcome: 'applies' } & ChargeExplained)
  /**
   * It is for the request too, has no say, and the search went on: a rule in shadow, or one whose roll-out has not
   * reached the partition.
   */
  | (Named & { readonly outcome: 'shadow' } & ChargeExplained)
  | (Named & { readonly outcome: 'misfit'; readonly misfits: readonly Misfit[] })
  /** One before it applies: it was not asked. */
  | (Named & { readonly outcome: 'not-asked' })

/** What the request was charged by a rule, and what came of it. */
export interface ChargeExplained {
  /** Whose share was drawn on, as `partition` of the rule says. Absent where nothing is counted. */
  readonly partition?: string
  readonly zone: string
  readonly cost: Units
  readonly mode: Rule['mode']
  /** Of a rule in roll-out: the share of the partitions that it is enforced for. */
  readonly rolledOutTo?: number
  /** `uncounted`: the rule is unlimited, or, on trial, was not asked as the request was refused anyway. */
  readonly decision: Decision['kind'] | 'uncounted'
  /** Until the same request would pass this rule; of a denial and a block. */
  readonly retryAfter?: Micros
  /** Of a denial: the block that it starts. */
  readonly startsBlock?: { readonly for: Micros; readonly everywhere: boolean }
  /** Of a store that failed: the code of the fault. */
  readonly fault?: string
  /** In the order of the rule. Empty where it is unlimited, and where the store failed. */
  readonly quotas: readonly QuotaExplained[]
  /** What is tried beside the rule; it has no say. */
  readonly candidate?: ChargeExplained
}

/** Where a quota stands: after this charge where it was taken, else now. */
export interface QuotaExplained {
  readonly name: string
  readonly quota: Quota
  readonly remaining: Units
  readonly resetAfter: Micros
  /** Until this same cost would fit; 0 where it does. Absent where it never will. */
  readonly retryAfter?: Micros
}

/** What the decisions come to. */
export interface VerdictExplained {
  readonly kind: Verdict['kind']
  /** Of a denial: the rule whose refusal counts. */
  readonly rule?: string
  /** Of a verdict without decisions, and where the store failed: why. */
  readonly because?: string
}

/** What is answered. Of a request that passes, the fields that are put on the application's answer. */
export interface AnswerExplained {
  readonly kind: Answer['kind']
  /** Of a refusal. */
  readonly status?: number
  readonly fields: Answer['fields']
}
