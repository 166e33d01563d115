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
  /** A request that no source identifies: its `address` pays, which is the default, or `deny` answers 401. */
  readonly anonymous?: Policy['anonymous']
  /** Whether letter case and a trailing slash tell paths apart. Default: false. */
  readonly strictPaths?: boolean
  /** How a denial is answered: its `status`, 429 unless said otherwise, and its `body`: `problem`, `text`, or a file. */
  readonly denied?: Partial<Policy['denied']>
  /** Which fields tell a client where it stands: `draft` (the default), `legacy`, `both`, `none`. */
  readonly headers?: Policy['headers']
  /** While the store gives no answer: `local` (count in this process, the default), `allow`, or `deny` (503). */
  readonly onStoreFailure?: FailurePolicy
  /** Where an editor finds the schema of a file. Read by nothing else. */
  readonly $schema?: string
}

/** Rules of which the first that matches applies, beside other layers: every layer must admit a request. */
export interface LayerInput {
  /** Default names of its rules start with it. Default: `layer-2` for the second. */
  readonly name?: string
  /** The partition of its rules that do not say one. */
  readonly partition?: string | readonly string[]
  /** The first whose path, method and group match applies. */
  readonly rules: readonly RuleInput[]
}

/** A rule as a policy file says it. It has either a `path` or a `regex`. */
export interface RuleInput {
  /** Unique; it stands in header fields, metrics and logs. Default: `rule-3` for the third. */
  readonly name?: string
  /** `/towns`, `/users/:id` or `/users/*` (one segment), `/static/**` (`/static` and all below), `/**` (everything). */
  readonly path?: string
  /** An expression in RE2's grammar, held against the path from its start. It needs an engine: `re2` of `spillway/regex`. */
  readonly regex?: string
  /** One or a list. Absent: every group. */
  readonly group?: string | readonly string[]
  /** One or a list; `GET` includes `HEAD`. Absent: every method. */
  readonly method?: string | readonly string[]
  /** `unlimited`, text such as `10/minute`, an object, or a list. */
  readonly quotas: string | QuotaInput | readonly (string | QuotaInput)[]
  /** Rules with the same zone share their counts. Default: the name of the rule. */
  readonly zone?: string
  /** `60s`, or an object. */
  readonly block?: string | { readonly for: string; readonly everywhere?: boolean }
  /** `user`, `ip`, `network`, `group`, `path`, `method`, `everyone`, `header:NAME`, `claim:NAME`, or a list. */
  readonly partition?: string | readonly string[]
  /** How many units one request takes. Default: 1. */
  readonly cost?: number
  /** Its units count only for responses with one of these statuses. */
  readonly charge?: ChargeInput
  /** `shadow` decides, counts and lets through. Default: `enforce`. */
  readonly mode?: 'enforce' | 'shadow'
  /** The share of the partitions that it is enforced for, such as `10%`; for the others it is as in shadow. */
  readonly enforce?: `${number}%`
  /** Quotas that are tried beside those in force: they decide and count, and refuse nobody. */
  readonly candidate?: string | QuotaInput | readonly (string | QuotaInput)[]
  /** As of the policy, for this rule. */
  readonly onStoreFailure?: FailurePolicy
  /** For very busy partitions in a shared store: units that a process takes ahead in one call, and for how long. */
  readonly lease?: { readonly size: number; readonly for: string }
}

/** Units that are taken when a request comes, and given back unless its response has one of the statuses `on`. */
export interface ChargeInput {
  /** It counts by the response of a request. */
  readonly when: 'response'
  /** Statuses such as 401, or all of a hundred: `4xx`. A connection that breaks before an answer counts as 499. */
  readonly on: StatusMatch | readonly StatusMatch[]
  /** How many units. Default: the cost of the rule. */
  readonly cost?: number
}

/** A quota as a policy file says it: the window is text, such as `1m`. */
export type QuotaInput = Omit<QuotaOptions, 'window'> & { readonly window?: string }
