import { choiceOption, functionOption } from '../../core/options.js'
import type { Awaitable } from '../../core/units.js'
import type { Guard, GuardOptions } from '../../guard.js'
import { createGuard } from '../../guard.js'
import { checkSources } from '../../identity/check-sources.js'
import type { IdentitySource, RequestDescription } from '../../identity/identity.js'
import type { ParsePolicyOptions } from '../../policy/parse-policy.js'
import { parsePolicy } from '../../policy/parse-policy.js'
import { normalisePath } from '../../policy/path.js'
import type { Place } from '../../policy/place.js'
import type { Policy } from '../../policy/policy.js'
import type { PolicyIssue } from '../../policy/policy-error.js'
import { PolicyError } from '../../policy/policy-error.js'
import type { PolicyInput } from '../../policy/policy-input.js'
import { checkStore } from '../../store/check-store.js'
import { sharedFallback } from '../../store/local-fallback.js'
import { blocking } from './blocking.js'
import type { ReadPattern } from './config.js'
import { readConfig } from './config.js'
import type { BlockReach } from './policy.js'
import { BLOCK_REACHES, compileConfig } from './policy.js'
import { warningsOf } from './warnings.js'

/** What a configuration of asgi-ratelimit is run with, besides what a policy says of answers. */
export interface AsgiGuardOptions
  extends Pick<PolicyInput, 'anonymous' | 'denied' | 'headers' | 'onStoreFailure' | 'strictPaths'>,
    Pick<GuardOptions, 'store' | 'exempt' | 'deniedContent'>,
    Required<ParsePolicyOptions> {
  /** Asked in order; the first that finds someone wins. Nobody is asked about a path that no pattern matches. */
  readonly identity: readonly IdentitySource[]
  /** What a block reaches: every limited path of the user (the default, as there), or the counts of the broken rule alone. */
  readonly blocks?: BlockReach
}

/** A guard, and what its configuration leaves open. */
export interface AsgiGuard {
  readonly guard: Guard
  /** Each with its place, such as `config["^/towns"][0]`, and how to mend it. */
  readonly warnings: readonly PolicyIssue[]
}

/**
 * Makes a guard of a configuration of the Python package asgi-ratelimit, with the semantics of its Redis backend. Nobody
 * identified is a 401, unless `anonymous` is `address`; letter case and a trailing slash tell paths apart, as they do
 * there, unless `strictPaths` is `false`. Throws a `PolicyError` for a faulty configuration, with every fault at once, a
 * `RangeError` for another reach of blocks, and as `createGuard` does.
 */
export function asgiGuard(config: unknown, options: AsgiGuardOptions): AsgiGuard {
  const { identity, exempt, deniedContent, regex, blocks: given = 'everywhere', store: shared, ...answers } = options
  checkStore('asgiGuard', shared)
  checkSources('asgiGuard', identity)
  functionOption(exempt, 'asgiGuard: exempt')
  const reach = choiceOption(given, BLOCK_REACHES, 'asgiGuard: blocks')
  // The rule makes it a policy; its layers are put in place below.
  const base = parsePolicy({ anonymous: 'deny', strictPaths: true, ...answers, rules: [ANY_RULE] })
  const issues: PolicyIssue[] = []
  const patterns = readConfig(config, CONFIG, { regex, strict: base.strictPaths }, issues)
  if (issues.length > 0) throw new PolicyError(issues)

  const { layers, blocks } = compileConfig(patterns, { reach, onStoreFailure: base.onStoreFailure })
  const policy: Policy = { ...base, layers }
  // One for the guard and for its blocks, so that what decides while the store is away knows of both.
  const store = sharedFallback(shared)
  const guard = createGuard(policy, {
    store,
    identity,
    ...(deniedContent && { deniedContent }),
    exempt: exemption(patterns, base.strictPaths, exempt),
  })
  return {
    guard: blocks.size === 0 ? guard : blocking(guard, store, blocks),
    warnings: warningsOf(patterns, options.strictPaths),
  }
}

const CONFIG: Place = { path: 'config', keys: ['config'] }
const ANY_RULE = { path: '/**', quotas: 'unlimited' }

/** Where no pattern matches nobody is asked who they are, and the request passes. */
function exemption(
  patterns: readonly ReadPattern[],
  strict: boolean,
  exempt: GuardOptions['exempt'],
): (request: RequestDescription) => Awaitable<boolean> {
  const isOpen = ({ target }: RequestDescription): boolean => {
    const path = normalisePath(target, { strict })
    return path.kind === 'path' && !patterns.some(({ matches }) => matches.test(path.matched))
  }
  return (request) => isOpen(request) || (exempt?.(request) ?? false)
}
