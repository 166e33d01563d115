import type { Decision } from './core/decision.js'
import type { Identity, IdentityError } from './identity/identity.js'
import type { Policy, Rule } from './policy/policy.js'

/** What one rule's charge came to. */
export interface RuleDecision {
  readonly rule: Rule
  readonly decision: Decision
}

/** The answer to one request: the decisions of its rules, joined. */
export type Verdict = Allow | Deny | Undecided | Unidentified | Malformed

interface Asked {
  readonly identity: Identity
  /** The normal path that was matched. */
  readonly path: string
  /** One for each layer in which a rule with quotas applied, in order. Empty where nothing limits the request. */
  readonly decisions: readonly RuleDecision[]
  /**
   * Of what is on trial and has no say: of rules in shadow, where the request may pass, and of the candidates of rules
   * that apply (their `mode` is `candidate`).
   */
  readonly shadows: readonly RuleDecision[]
}

/** It may pass. */
export interface Allow extends Asked {
  readonly kind: 'allow'
}

/** It may not. */
export interface Deny extends Asked {
  readonly kind: 'deny'
  /** The refusal that counts: an impossible one before all, then the one that must be waited for longest. */
  readonly decisive: RuleDecision
}

/** The store failed, and no local count stands in for it. */
export interface Undecided extends Asked {
  readonly kind: 'undecided'
  /** What the strictest failure policy among the rules says of the request. */
  readonly onStoreFailure: 'allow' | 'deny'
}

/** Nobody is known to be asking, and the policy wants somebody: 401. Nothing was charged. */
export interface Unidentified {
  readonly kind: 'unidentified'
  readonly error: IdentityError
}

/** The request target is ambiguous (a broken percent sequence, a NUL, a backslash): 400. Nothing was charged. */
export interface Malformed {
  readonly kind: 'malformed'
  /** A sentence for the client. */
  readonly reason: string
}

/** How a policy wants its verdicts answered. */
export interface AnswerOptions {
  /** Which fields say where a client stands. */
  readonly headers: Policy['headers']
  /** The status of a denial, 429 unless the policy says otherwise. */
  readonly status: number
  /** The body of a refusal; content stands in for that of a denial only. */
  readonly body: 'problem' | 'text' | DeniedContent
}

/** The body of a denial, read from a file by the caller. */
export interface DeniedContent {
  readonly content: string
  readonly contentType: string
}
