import type { Decision } from '../core/decision.js'
import type { Micros } from '../core/units.js'
import { SECOND } from '../core/units.js'
import type { RuleDecision } from '../verdict.js'

/** A header field: its name and its value. */
export type Field = readonly [name: string, value: string]

/**
 * One generation of the fields that tell a client where it stands: those for the decisions on a request, `decisive`
 * being the refusal that counts, if it was refused. A later draft is one more value of this type.
 */
export type FieldSerialiser = (
  decisions: readonly RuleDecision[],
  decisive: RuleDecision | undefined,
) => readonly Field[]

/** A decision of a store that answered. */
export type KnownDecision = Exclude<Decision, { readonly kind: 'unknown' }>

/** A decision that says where some quota stands. */
export interface Telling extends RuleDecision {
  readonly decision: KnownDecision
}

/** Whether a decision has figures to tell: not where the store failed, nor where no quota applies. */
export function tellsFigures(decided: RuleDecision): decided is Telling {
  return decided.decision.kind !== 'unknown' && decided.decision.quotas.length > 0
}

/** Whole seconds, rounded up: what waits that long waits long enough. */
export function wholeSeconds(span: Micros): number {
  return Math.ceil(span / SECOND)
}

/** The value of `Retry-After` (RFC 9110, 10.2.3): whole seconds, rounded up, at least 1. */
export function retryAfterSeconds(span: Micros): number {
  return Math.max(1, wholeSeconds(span))
}

/** Names the fields that a script of another origin may read (Fetch standard, CORS protocol). */
export const EXPOSED = 'Access-Control-Expose-Headers'

/** Whether a field is a list, so that the limits on one request each add their own items to it. */
export function isListField(name: string): boolean {
  return name === 'RateLimit' || name === 'RateLimit-Policy' || name === EXPOSED
}
