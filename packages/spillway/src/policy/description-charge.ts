import type { Units } from '../core/units.js'
import type { Place } from './place.js'
import { inside, report } from './place.js'
import type { PolicyIssue } from './policy-error.js'
import type { StatusMatch } from './response-charge.js'
import { STATUS_CLASSES } from './response-charge.js'
import type { Shape } from './shape.js'
import { described, integer, oneOf } from './shape.js'
import { object, oneOrList, optional, union } from './shape-composite.js'

/** `charge` as the file says it. */
export interface ChargeDescription {
  readonly when: 'response'
  readonly on: readonly StatusMatch[]
  readonly cost?: Units
}

/** Units that count by what came of a request. */
export const charge: Shape<ChargeDescription> = described(
  object({
    when: described(oneOf('response'), 'The units are taken when a request comes, and given back unless `on` says so.'),
    on: described(
      oneOrList(union(integer({ min: 100, max: 599 }), oneOf(...STATUS_CLASSES))),
      'The statuses of responses that let them count; 499 where the connection broke before an answer.',
    ),
    cost: optional(described(integer({ min: 1 }), 'How many units. Default: the cost of the rule.')),
  }),
  'Counts by what came of a request: its units are given back where the response has another status.',
  {
    examples: [
      { when: 'response', on: [401, 403], cost: 5 },
      { when: 'response', on: ['4xx', '5xx'] },
    ],
  },
)

/** A charge that could never be had, or says twice what a request takes. */
export function reportUselessCharge(
  described: ChargeDescription,
  rule: { readonly cost?: Units; readonly quotas: readonly unknown[] },
  place: Place,
  issues: PolicyIssue[],
): void {
  const at = inside(place, 'charge')
  if (rule.quotas.length === 0) report(issues, at, 'is for nothing: the rule is unlimited')
  if (described.cost !== undefined && rule.cost !== undefined) {
    report(issues, inside(at, 'cost'), 'stands beside the `cost` of the rule: a request takes one or the other')
  }
}
