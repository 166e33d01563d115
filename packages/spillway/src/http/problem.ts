import type { Deny, Malformed, Undecided, Unidentified } from '../verdict.js'
import { retryAfterSeconds } from './fields.js'
import { refusalSentence, tryAgain, violatedNames } from './sentences.js'

/** A verdict that stands in the way of a request (an undecided one where its failure policy says deny). */
export type Refusal = Deny | Undecided | Unidentified | Malformed

/**
 * A problem document (RFC 9457), `application/problem+json`. The types and `violated-policies` are those of
 * draft-ietf-httpapi-ratelimit-headers-11, section 5; where there is none the type is `about:blank`.
 */
export interface Problem {
  readonly type: string
  readonly title: string
  /** The status of the answer. */
  readonly status: number
  /** Sentences for a person. */
  readonly detail: string
  /** The quotas that refused, named as in the `RateLimit` field. */
  readonly 'violated-policies'?: readonly string[]
  /** As in the `Retry-After` field: seconds. Absent where waiting does not help. */
  readonly 'retry-after'?: number
}

const TYPES = 'https://iana.org/assignments/http-problem-types#'

/** The problem document of a refusal. `status` is that of a denial: 429 unless the policy says otherwise. */
export function problemOf(verdict: Refusal, status: number): Problem {
  switch (verdict.kind) {
    case 'deny':
      return denial(verdict, status)
    case 'undecided':
      return {
        type: `${TYPES}temporary-reduced-capacity`,
        title: 'Temporary Reduced Capacity',
        status: 503,
        detail: `The limits of this service cannot be checked at the moment. ${tryAgain(1)}`,
        'retry-after': 1,
      }
    case 'unidentified':
      return {
        type: 'about:blank',
        title: 'Unauthorized',
        status: 401,
        detail:
          verdict.error.code === 'ERR_SPILLWAY_INVALID_TOKEN'
            ? 'The token of this request is not valid.'
            : 'This request carries no credentials that are known here.',
      }
    case 'malformed':
      return { type: 'about:blank', title: 'Bad Request', status: 400, detail: verdict.reason }
  }
}

function denial({ decisions, decisive }: Deny, status: number): Problem {
  const { decision } = decisive
  const refusals = decision.kind === 'impossible' ? [decisive] : decisions
  const sentences = refusals.map(refusalSentence).filter((sentence) => sentence !== '')
  const wait = 'retryAfter' in decision ? retryAfterSeconds(decision.retryAfter) : undefined
  const blocked = decision.kind === 'blocked'
  return {
    type: `${TYPES}${blocked ? 'abnormal-usage-detected' : 'quota-exceeded'}`,
    title: blocked ? 'Abnormal Usage Detected' : 'Quota Exceeded',
    status,
    detail: (wait === undefined ? sentences : [...sentences, tryAgain(wait)]).join(' '),
    'violated-policies': refusals.flatMap(violatedNames),
    ...(wait !== undefined && { 'retry-after': wait }),
  }
}
