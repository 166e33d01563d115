import { isPromise } from './core/awaitable.js'
import type { Decision } from './core/decision.js'
import type { Awaitable } from './core/units.js'
import type { Asking, RuleCharge } from './guard/charges.js'
import { asking, chargesOf, countsByAddress, shadowChargesOf } from './guard/charges.js'
import type { Found } from './guard/identify.js'
import { identify } from './guard/identify.js'
import { join } from './guard/join.js'
import { decideShadows } from './guard/shadows.js'
import { readerOf } from './guard/sources.js'
import type { AddressReader } from './identity/client-ip.js'
import { identitySources } from './identity/from-config.js'
import type { Identity, IdentitySource, RequestDescription } from './identity/identity.js'
import { IdentityError } from './identity/identity.js'
import type { RuleLookup } from './policy/lookup.js'
import { ruleLookup } from './policy/lookup.js'
import type { ParsePolicyOptions } from './policy/parse-policy.js'
import { parsePolicy } from './policy/parse-policy.js'
import { normalisePath } from './policy/path.js'
import type { Policy } from './policy/policy.js'
import type { PolicyInput } from './policy/policy-input.js'
import { localFallback } from './store/local-fallback.js'
import type { Store } from './store/store.js'
import type { Allow, AnswerOptions, DeniedContent, Deny, Undecided, Verdict } from './verdict.js'

/** What a policy is run with. */
export interface GuardOptions {
  /** Where the counts are. */
  readonly store: Store
  /** Asked in order; the first that finds someone wins. Default: the sources that the policy names. */
  readonly identity?: readonly IdentitySource[]
  /** The body of a denial where the policy's `denied.body` is a file: a guard opens none. */
  readonly deniedContent?: DeniedContent
}

/** Rules and what they are run with, in one. */
export interface InlineGuardOptions extends PolicyInput, GuardOptions, ParsePolicyOptions {}

/** Rules, identity and a store, by request. */
export interface Guard {
  readonly policy: Policy
  /** Whether a request may pass. A store that fails is part of the verdict, never an exception. */
  decide(request: RequestDescription): Awaitable<Verdict>
  /** How the policy wants its verdicts answered: what `answer` goes by. */
  readonly answering: AnswerOptions
}

/**
 * Makes a guard of a policy, or of rules as a policy file has them. Throws a `PolicyError` for faulty rules, and a
 * `TypeError` where the policy needs something that is not passed.
 */
export function createGuard(policy: Policy, options: GuardOptions): Guard
export function createGuard(options: InlineGuardOptions): Guard
export function createGuard(first: Policy | InlineGuardOptions, options?: GuardOptions): Guard {
  return options === undefined ? inlineGuard(first) : guardOf(first as Policy, options)
}

function inlineGuard(options: Policy | InlineGuardOptions): Guard {
  if (!('store' in options)) throw new TypeError('createGuard needs a store: createGuard(policy, { store })')
  const { store, identity = [], deniedContent, regex, ...input } = options
  const policy = parsePolicy(input, regex && { regex })
  return guardOf(policy, { store, identity, ...(deniedContent && { deniedContent }) })
}

/** All that is the same for every request. */
interface Setup {
  readonly store: Store
  readonly sources: readonly IdentitySource[]
  readonly readAddress: AddressReader
  /** Whether some rule counts by the address, whoever asks. */
  readonly countsByAddress: boolean
  readonly anonymous: Policy['anonymous']
  readonly lookups: readonly RuleLookup[]
  readonly hasShadows: boolean
}

function guardOf(policy: Policy, options: GuardOptions): Guard {
  const setup = setupOf(policy, options)
  const spelling = { strict: policy.strictPaths }
  return {
    policy,
    answering: answeringOf(policy, options),
    decide(request) {
      const path = normalisePath(request.target, spelling)
      if (path.kind === 'malformed') return { kind: 'malformed', reason: `The request target has ${path.reason}.` }
      const found = identify(setup.sources, request)
      return isPromise(found)
        ? found.then((later) => decideFor(setup, request, path.matched, later))
        : decideFor(setup, request, path.matched, found)
    },
  }
}

function setupOf(policy: Policy, options: GuardOptions): Setup {
  const sources = options.identity ?? identitySources(policy.identity)
  return {
    store: localFallback(options.store),
    sources,
    readAddress: readerOf(sources),
    countsByAddress: countsByAddress(policy),
    anonymous: policy.anonymous,
    lookups: policy.layers.map(ruleLookup),
    hasShadows: policy.layers.some(({ rules }) => rules.some(({ mode }) => mode === 'shadow')),
  }
}

function answeringOf({ headers, denied }: Policy, { deniedContent }: GuardOptions): AnswerOptions {
  const body = typeof denied.body === 'string' ? denied.body : deniedContent
  if (body !== undefined) return { headers, status: denied.status, body }
  throw new TypeError('`denied.body` of the policy is a file: read it, and pass its content as `deniedContent`')
}

function decideFor(
  setup: Setup,
  request: RequestDescription,
  path: string,
  found: Found | undefined,
): Awaitable<Verdict> {
  if (found instanceof IdentityError) return { kind: 'unidentified', error: found }
  const identity = found ?? anonymousIdentity(setup, request)
  if (identity === undefined) return { kind: 'unidentified', error: anonymousError() }

  const asked = asking(request, path, identity, setup.countsByAddress ? setup.readAddress : undefined)
  const charges = chargesOf(setup.lookups, asked)
  const answers = charges.length === 0 ? [] : setup.store.decide(charges)
  return isPromise(answers)
    ? answers.then((later) => conclude(setup, asked, charges, later))
    : conclude(setup, asked, charges, answers)
}

/** Who pays for a request that no source identifies: its address. Nobody where the policy wants somebody. */
function anonymousIdentity({ anonymous, readAddress }: Setup, request: RequestDescription): Identity | undefined {
  return anonymous === 'deny' ? undefined : (readAddress(request)?.identity ?? UNKNOWN_ADDRESS)
}

const UNKNOWN_ADDRESS: Identity = { kind: 'ip', user: 'unknown', group: 'default' }

function anonymousError(): IdentityError {
  return new IdentityError('ERR_SPILLWAY_ANONYMOUS', 'no source identifies the request, and the policy wants somebody')
}

function conclude(
  setup: Setup,
  asked: Asking,
  charges: readonly RuleCharge[],
  answers: readonly Decision[],
): Awaitable<Verdict> {
  const verdict = join(asked.identity, asked.path, charges, answers)
  return setup.hasShadows && admits(verdict) ? withShadows(setup, asked, verdict) : verdict
}

function admits(verdict: Allow | Deny | Undecided): boolean {
  return verdict.kind === 'allow' || (verdict.kind === 'undecided' && verdict.onStoreFailure === 'allow')
}

function withShadows(setup: Setup, asked: Asking, verdict: Allow | Deny | Undecided): Awaitable<Verdict> {
  const shadows = decideShadows(setup.store, shadowChargesOf(setup.lookups, asked))
  return isPromise(shadows) ? shadows.then((later) => ({ ...verdict, shadows: later })) : { ...verdict, shadows }
}
