import type { Block, FailurePolicy } from '../core/charge.js'
import { parseDuration } from '../core/duration.js'
import { onlyOptions } from '../core/options.js'
import type { Quota } from '../core/quota.js'
import { LONGEST_WINDOW } from '../core/quota-bounds.js'
import { largestCost } from '../core/tightest.js'
import type { Units } from '../core/units.js'
import { compileZone } from '../core/zone.js'
import { checkedName } from '../policy/name.js'
import type { Rule } from '../policy/policy.js'
import type { ChargeInput } from '../policy/policy-input.js'
import { quotaNames } from '../policy/quota-names.js'
import type { ResponseCharge } from '../policy/response-charge.js'
import { isStatusMatch } from '../policy/response-charge.js'

/** What the one rule of a route says. */
export interface RouteRule {
  /** Its zone too. */
  readonly name: string
  readonly quotas: readonly Quota[]
  readonly cost: Units | undefined
  readonly block: string | undefined
  readonly charge: ChargeInput | undefined
  readonly onStoreFailure: FailurePolicy
}

/**
 * The rule of a route, for every request to it. Throws what the parser of policies calls a fault: a `RangeError` for
 * numbers out of range, a `TypeError` for what is of another kind, a `QuotaSyntaxError` for a span.
 */
export function routeRule({ name, quotas, cost, block, charge, onStoreFailure }: RouteRule): Rule {
  checkedName(name)
  if (charge !== undefined) onlyOptions('charge', charge, ['when', 'on', 'cost'])
  if (charge?.cost !== undefined && cost !== undefined) {
    throw new TypeError('charge.cost stands beside cost: a request takes one or the other')
  }
  const { zone, bound } = compileZone(name, [quotas])
  return {
    name,
    place: 'rules[0]',
    matches: { syntax: 'pattern', source: '/**', segments: [{ kind: 'rest' }], test: () => true },
    quotas: bound[0] ?? [],
    quotaNames: quotaNames(name, quotas),
    zone,
    partition: [{ by: 'user' }],
    cost: checkedCost(charge?.cost ?? cost ?? 1, quotas),
    ...(charge && { charge: checkedCharge(charge) }),
    block: block === undefined ? undefined : blockOf(block),
    mode: 'enforce',
    onStoreFailure,
  }
}

function checkedCost(cost: Units, quotas: readonly Quota[]): Units {
  const largest = largestCost(quotas)
  if (!Number.isSafeInteger(cost) || cost < 1) throw new RangeError(`cost must be a whole number from 1, not ${cost}`)
  if (cost > largest) throw new RangeError(`cost is above what the quotas hold, ${largest}: no request could ever pass`)
  return cost
}

function checkedCharge({ when, on }: ChargeInput): ResponseCharge {
  if (when !== 'response') throw new TypeError('charge.when must be response')
  const matches = Array.isArray(on) ? on : [on]
  const wrong: unknown = matches.find((match) => !isStatusMatch(match))
  if (wrong === undefined && matches.length > 0) return { on: matches }
  throw new TypeError(`charge.on must be statuses such as 401 or 4xx, not ${JSON.stringify(wrong ?? on)}`)
}

function blockOf(text: string): Block {
  const span = parseDuration(text)
  if (span >= 1 && span <= LONGEST_WINDOW) return { for: span, everywhere: false }
  throw new RangeError('block must be more than no time, and at most 10 years')
}
