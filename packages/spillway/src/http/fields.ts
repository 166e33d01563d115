import type { Micros } from '../core/units.js'
import { SECOND } from '../core/units.js'
import type { RuleDecision } from '../verdict.js'

/** A header field: its name and its value. */
export type Field = readonly [name: string, value: string]

/** One generation of the fields that tell a client where it stands. A later draft is one more value of this type. */
export interface FieldSerialiser {
  /**
   * The fields for these decisions, put behind those that `fields` holds. `decisive` is the refusal that counts, if the
   * request was refused. Decisions without quotas say nothing.
   */
  append(fields: Field[], decisions: readonly RuleDecision[], decisive: RuleDecision | undefined): void
}

/** Whole seconds, rounded up: what waits that long waits long enough. */
export function wholeSeconds(span: Micros): number {
  return Math.ceil(span / SECOND)
}

/** The value of `Retry-After` (RFC 9110, 10.2.3): whole seconds, rounded up, at least 1. */
export function retryAfterSeconds(span: Micros): number {
  return Math.max(1, wholeSeconds(span))
}

/** Whether a field is a list, so that the limits on one request each add their own items to it. */
export function isListField(name: string): boolean {
  return name === 'RateLimit' || name === 'RateLimit-Policy' || name === 'Access-Control-Expose-Headers'
}
