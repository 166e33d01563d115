import { functionOption, onlyOptions } from './core/options.js'
import type { Guard } from './guard/guard-of.js'
import { guardOf } from './guard/guard-of.js'
import type { RequestFunctions } from './guard/rule-functions.js'
import { trialsOf } from './guard/trials.js'
import { readerAmong } from './identity/address-reader.js'
import { checkSources } from './identity/check-sources.js'
import { identitySources } from './identity/from-config.js'
import { peerReader } from './identity/hop.js'
import type { IdentitySource } from './identity/identity.js'
import type { ParsePolicyOptions } from './policy/parse-policy.js'
import { parsePolicy } from './policy/parse-policy.js'
import type { Policy } from './policy/policy.js'
import type { PolicyInput } from './policy/policy-input.js'
import { layerLookup } from './policy/staged-lookup.js'
import { checkStore } from './store/check-store.js'
import { sharedFallback } from './store/local-fallback.js'
import type { Store } from './store/store.js'
import type { DeniedContent } from './verdict.js'

export type { Guard } from './guard/guard-of.js'

/** What a policy is run with. */
export interface GuardOptions extends RequestFunctions {
  /** Where the counts are. */
  readonly store: Store
  /** Asked in order; the first that finds someone wins. Default: the sources that the policy names. */
  readonly identity?: readonly IdentitySource[]
  /** The body of a denial where the policy's `denied.body` is a file: a guard opens none. */
  readonly deniedContent?: DeniedContent
}

/** Rules and what they are run with, in one. */
export interface InlineGuardOptions extends PolicyInput, GuardOptions, ParsePolicyOptions {}

const OPTIONS = [
  'store',
  'identity',
  'deniedContent',
  'exempt',
  'costs',
  'limits',
] as const satisfies readonly (keyof GuardOptions)[]

/**
 * Makes a guard of a policy, or of rules as a policy file has them. Throws a `PolicyError` for faulty rules, and a
 * `TypeError` where the policy needs something that is not passed, for an option that there is none of, for a store or a
 * source that is none, for what is no function where one belongs, and where one of `costs` or `limits` is for no rule.
 */
export function createGuard(policy: Policy, options: GuardOptions): Guard
export function createGuard(options: InlineGuardOptions): Guard
export function createGuard(first: Policy | InlineGuardOptions, options?: GuardOptions): Guard {
  return options === undefined ? inlineGuard(first) : policyGuard(first as Policy, options)
}

function inlineGuard(options: Policy | InlineGuardOptions): Guard {
  if (typeof options !== 'object' || options === null || !('store' in options))
    throw new TypeError('createGuard needs a store: createGuard(policy, { store })')
  const { store, identity = [], deniedContent, regex, exempt, costs, limits, ...input } = options
  const policy = parsePolicy(input, regex && { regex })
  return policyGuard(policy, {
    store,
    identity,
    ...(deniedContent && { deniedContent }),
    ...(exempt && { exempt }),
    ...(costs && { costs }),
    ...(limits && { limits }),
  })
}

function policyGuard(policy: Policy, options: GuardOptions): Guard {
  onlyOptions('createGuard', options, OPTIONS)
  const { store, identity, ...functions } = options
  checkStore('createGuard', store)
  functionOption(options.exempt, 'createGuard: exempt')
  if (identity !== undefined) checkSources('createGuard', identity)
  const sources = identity ?? identitySources(policy.identity)
  return guardOf(policy, {
    ...functions,
    store: sharedFallback(store),
    sources,
    // Without a source of addresses, that of the connection counts.
    readAddress: readerAmong(sources) ?? peerReader(),
    lookups: policy.layers.map(layerLookup),
    trials: trialsOf(policy),
  })
}
