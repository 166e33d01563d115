import type { FailurePolicy } from '../core/charge.js'
import type { QuotaOptions } from '../core/make-quota.js'
import type { Policy } from './policy.js'

/** The part of a policy file that `createGuard` takes, as an object. `parsePolicy` checks it; the types only help to write it. */
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
}

export interface LayerInput {
  readonly name?: string
  /** The partition of its rules that do not say one. */
  readonly partition?: string | readonly string[]
  readonly rules: readonly RuleInput[]
}

/** A rule as a policy file says it. It has either a `path` or a `regex`. */
export interface RuleInput {
  readonly name?: string
  readonly path?: string
  readonly regex?: string
  readonly group?: string | readonly string[]
  readonly method?: string | readonly string[]
  /** `unlimited`, text such as `10/minute`, an object, or a list. */
  readonly quotas: string | QuotaInput | readonly (string | QuotaInput)[]
  readonly zone?: string
  /** `60s`, or an object. */
  readonly block?: string | { readonly for: string; readonly everywhere?: boolean }
  /** `user`, `ip`, `network`, `group`, `path`, `method`, `everyone`, `header:NAME`, `claim:NAME`, or a list. */
  readonly partition?: string | readonly string[]
  readonly cost?: number
  readonly mode?: 'enforce' | 'shadow'
  readonly onStoreFailure?: FailurePolicy
  readonly lease?: { readonly size: number; readonly for: string }
}

/** A quota as a policy file says it: the window is text, such as `1m`. */
export type QuotaInput = Omit<QuotaOptions, 'window'> & { readonly window?: string }
