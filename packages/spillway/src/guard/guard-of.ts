import { after, isPromise } from '../core/awaitable.js'
import type { Decision } from '../core/decision.js'
import type { Awaitable } from '../core/units.js'
import type { AddressReader } from '../identity/address-reader.js'
import type { Identity, IdentitySource, RequestDescription } from '../identity/identity.js'
import { IdentityError } from '../identity/identity.js'
import type { RuleLookup } from '../policy/lookup.js'
import { normalisePath } from '../policy/path.js'
import type { Policy, Rule } from '../policy/policy.js'
import type { Store } from '../store/store.js'
import type { Allow, AnswerOptions, DeniedContent, Deny, Undecided, Verdict } from '../verdict.js'
import type { Asking, RuleCharge } from './charges.js'
import { asking, chargesOf, chargesOn, countsByAddress, rulesOf } from './charges.js'
import type { Found } from './identify.js'
import { identify } from './identify.js'
import { join } from './join.js'
import type { Reservations } from './reserved.js'
import { reserve, settleReserved } from './reserved.js'
import type { RequestFunctions } from './rule-functions.js'
import type { Trials } from './trials.js'
import type { VariantOf } from './variants.js'
import { variantsFor, variantsOf } from './variants.js'

/** Rules, identity and a store, by request. */
export interface Guard {
  readonly policy: Policy
  /** Whether a request may pass. A store that fails is part of the verdict, never an exception; what a function of the application throws is thrown. */
  decide(request: RequestDescription): Awaitable<Verdict>
  /** How the policy wants its verdicts answered: what `answer` goes by. */
  readonly answering: AnswerOptions
  /** Whether some rule counts by what comes of a request, so that `settle` must hear of it. */
  readonly settles: boolean
  /**
   * Tells what came of a request that passed: the status of its response, 499 where the connection broke before one. The
   * verdict is the very one that `decide` gave. Units that do not count are given back, once; a second call does nothing.
   * Never fails.
   */
  settle(verdict: Verdict, status: number): Awaitable<void>
}

/** What a guard is made of, besides the policy. */
export interface GuardParts extends RequestFunctions {
  /** Its `decide` never fails. */
  readonly store: Store
  readonly sources: readonly IdentitySource[]
  readonly readAddress: AddressReader
  /** One for each layer of the policy. */
  readonly lookups: readonly RuleLookup[]
  /** Absent where nothing is on trial. */
  readonly trials?: Trials | undefined
  /** See `GuardOptions`. */
  readonly deniedContent?: DeniedContent | undefined
}

/** All that is the same for every request. */
interface Setup extends GuardParts {
  readonly anonymous: Policy['anonymous']
  /** Whether some rule counts by the address, whoever asks. */
  readonly countsByAddress: boolean
  readonly settles: boolean
  readonly reservations: Reservations
  readonly variantOf: VariantOf | undefined
}

/** Makes a guard of a policy and its parts. Throws a `TypeError` for a function that belongs to no rule, and where content is missing. */
export function guardOf(policy: Policy, parts: GuardParts): Guard {
  const setup = setupOf(policy, parts)
  const spelling = { strict: policy.strictPaths }
  return {
    policy,
    answering: answeringOf(policy, parts),
    settles: setup.settles,
    settle: (verdict, status) => settleReserved(setup.reservations, setup.store, verdict, status),
    decide(request) {
      const path = normalisePath(request.target, spelling)
      if (path.kind === 'malformed') return { kind: 'malformed', reason: `The request target has ${path.reason}.` }
      return setup.exempt === undefined
        ? decideAt(setup, request, path.matched)
        : after(setup.exempt(request), (exempt) =>
            exempt ? exempted(setup, request, path.matched) : decideAt(setup, request, path.matched),
          )
    },
  }
}

function setupOf(policy: Policy, parts: GuardParts): Setup {
  const rules = policy.layers.flatMap((layer) => layer.rules)
  return {
    ...parts,
    anonymous: policy.anonymous,
    countsByAddress: countsByAddress(policy),
    settles: rules.some(({ charge }) => charge !== undefined),
    reservations: new WeakMap(),
    variantOf: variantsOf(policy, parts),
  }
}

function answeringOf({ headers, denied }: Policy, { deniedContent }: GuardParts): AnswerOptions {
  const body = typeof denied.body === 'string' ? denied.body : deniedContent
  if (body !== undefined) return { headers, status: denied.status, body }
  throw new TypeError('`denied.body` of the policy is a file: read it, and pass its content as `deniedContent`')
}

/** No source has been asked who asks: its address stands for it. */
function exempted(setup: Setup, request: RequestDescription, path: string): Allow {
  return { kind: 'allow', identity: addressIdentity(setup, request), path, decisions: [], shadows: [] }
}

const UNKNOWN_ADDRESS: Identity = { kind: 'ip', user: 'unknown', group: 'default' }

function addressIdentity({ readAddress }: Setup, request: RequestDescription): Identity {
  return readAddress(request)?.identity ?? UNKNOWN_ADDRESS
}

function decideAt(setup: Setup, request: RequestDescription, path: string): Awaitable<Verdict> {
  const found = identify(setup.sources, request)
  return isPromise(found)
    ? found.then((later) => decideFor(setup, request, path, later))
    : decideFor(setup, request, path, found)
}

function decideFor(
  setup: Setup,
  request: RequestDescription,
  path: string,
  found: Found | undefined,
): Awaitable<Verdict> {
  if (found instanceof IdentityError) return { kind: 'unidentified', error: found }
  // Who pays for a request that no source identifies: its address, or nobody where the policy wants somebody.
  if (found === undefined && setup.anonymous === 'deny') return { kind: 'unidentified', error: anonymousError() }
  const identity = found ?? addressIdentity(setup, request)

  const asked = asking(request, path, identity, setup.countsByAddress ? setup.readAddress : undefined)
  const { lookups, variantOf } = setup
  if (variantOf === undefined && setup.trials?.readsRules !== true) {
    return put(setup, asked, chargesOf(lookups, asked), NO_RULES)
  }
  const rules = rulesOf(lookups, asked)
  return after(variantOf === undefined ? rules : variantsFor(variantOf, rules, request), (applied: readonly Rule[]) =>
    put(setup, asked, chargesOn(applied, asked), applied),
  )
}

function anonymousError(): IdentityError {
  return new IdentityError('ERR_SPILLWAY_ANONYMOUS', 'no source identifies the request, and the policy wants somebody')
}

const NO_RULES: readonly Rule[] = []

/** Puts the charges to the store. `applied` are the rules that apply, where trials go by them. */
function put(
  setup: Setup,
  asked: Asking,
  charges: readonly RuleCharge[],
  applied: readonly Rule[],
): Awaitable<Verdict> {
  const answers = charges.length === 0 ? [] : setup.store.decide(charges)
  return isPromise(answers)
    ? answers.then((later) => conclude(setup, asked, charges, applied, later))
    : conclude(setup, asked, charges, applied, answers)
}

function conclude(
  setup: Setup,
  asked: Asking,
  charges: readonly RuleCharge[],
  applied: readonly Rule[],
  answers: readonly Decision[],
): Awaitable<Verdict> {
  const verdict = join(asked.identity, asked.path, charges, answers)
  const { trials } = setup
  const verdictToCome = trials === undefined ? verdict : withTrials(setup, trials, asked, applied, verdict)
  if (!setup.settles) return verdictToCome
  return after(verdictToCome, (later) => {
    reserve(
      setup.reservations,
      later,
      charges.map((charge, i) => ({ charge, decision: answers[i] as Decision })),
    )
    return later
  })
}

function withTrials(
  { lookups, store, settles, reservations, variantOf }: Setup,
  trials: Trials,
  asked: Asking,
  applied: readonly Rule[],
  verdict: Allow | Deny | Undecided,
): Awaitable<Verdict> {
  const variant = (rule: Rule) => variantOf?.(rule, asked.request) ?? rule
  return after(trials.decide({ store, lookups, asked, applied, verdict, variantOf: variant }), (shadows) => {
    if (shadows.length === 0) return verdict
    const whole = { ...verdict, shadows: shadows.map(({ rule, decision }) => ({ rule, decision })) }
    if (settles) reserve(reservations, whole, shadows)
    return whole
  })
}
