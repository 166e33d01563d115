import type { FailurePolicy } from '../core/charge.js'
import type { QuotaOptions } from '../core/make-quota.js'
import type { Policy } from './policy.js'
import type { StatusMatch } from './response-charge.js'

/**
 * The part of a policy file that `createGuard` takes, as an object. `parsePolicy` checks it; the types only help to
 * write it.
 */
export interface PolicyInput {
  /** The first whose path, method and group match applies. */
  readonly rules?: readonly RuleInput[]
  /** Instead of `rules`, where several layers must all admit a request. */
  readonly layers?: readonly LayerInput[]
  readonly anonymous?: Policy['anonymous']
  readonly strictPaths?: boolean
  readonly denied?: Partial<Policy['denied']>
  readonly headers?: Policy['headers']
  readonly onStoreFailure?: FailurePolicy
  /** Where an editor finds the schema of a file. Read by nothing else. */
  readonly $schema?: string
}

/** A layer as a policy file says it. */
export interface LayerInput {
  /** Default names of its rules start with it. Default: `layer-2` for the second. */
  readonly name?: string
  /** The partition of its rules that do not say one. */
  readonly partition?: string | readonly string[]
  readonly rules: readonly RuleInput[]
}

/** A rule as a policy file says it. It has either a `path` or a `regex`. */
export interface RuleInput {
  /** Unique in the policy. Default: `rule-3` for the third. */
  readonly name?: string
  /** `/towns`, `/users/:id`, `/static/*` or `/static/**`. */
  readonly path?: string
  /** Matches from the start of the path; needs the engine, `re2` of `spillway/regex`. */
  readonly regex?: string
  /** Absent: every group. */
  readonly group?: string | readonly string[]
  /** Absent: every method. `GET` includes `HEAD`. */
  readonly method?: string | readonly string[]
  /** `unlimited`, text such as `10/minute`, an object, or a list. */
  readonly quotas: string | QuotaInput | readonly (string | QuotaInput)[]
  /** Rules with the same zone share their counts. Default: the name of the rule. */
  readonly zone?: string
  /** `60s`, or an object. */
  readonly block?: string | { readonly for: string; readonly everywhere?: boolean }
  /** `user`, `ip`, `network`, `group`, `path`, `method`, `everyone`, `header:NAME`, `claim:NAME`, or a list. */
  readonly partition?: string | readonly string[]
  /** How many units one request takes: a whole number from 1. Default 1. */
  readonly cost?: number
  /** Its units count only for responses with one of these statuses. */
  readonly charge?: ChargeInput
  /** `shadow`: decide, record, let through. Default `enforce`. */
  readonly mode?: 'enforce' | 'shadow'
  /** The share of the partitions that it is enforced for, such as `10%`; for the others it is as in shadow. */
  readonly enforce?: `${number}%`
  /** Quotas that are tried beside those in force: they decide and count, and refuse nobody. */
  readonly candidate?: string | QuotaInput | readonly (string | QuotaInput)[]
  readonly onStoreFailure?: FailurePolicy
  /** How many units of a busy partition a process takes at once, and for how long, such as `1s`. */
  readonly lease?: { readonly size: number; readonly for: string }
}

/** Units that are taken when a request comes, and given back unless its response has one of the statuses `on`. */
export interface ChargeInput {
  readonly when: 'response'
  /** Statuses such as 401, or all of a hundred: `4xx`. A connection that breaks before an answer counts as 499. */
  readonly on: StatusMatch | readonly StatusMatch[]
  /** How many units. Default: the cost of the rule. */
  readonly cost?: number
}

/** A quota as a policy file says it: the window is text, such as `1m`. */
export type QuotaInput = Omit<QuotaOptions, 'window'> & { readonly window?: string }
