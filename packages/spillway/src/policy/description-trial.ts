import type { Quota } from '../core/quota.js'
import { largestCost } from '../core/tightest.js'
import type { Units } from '../core/units.js'
import { quotaList } from './description-quota.js'
import type { Place } from './place.js'
import { inside, report } from './place.js'
import type { PolicyIssue } from './policy-error.js'
import type { Shape } from './shape.js'
import { described, made, string } from './shape.js'

/** Quotas on trial beside those in force. */
export const candidate: Shape<readonly Quota[]> = described(
  made(quotaList, (quotas, at, issues) =>
    quotas.length > 0
      ? quotas
      : report(issues, at, 'is for nothing: unlimited refuses nobody, so that there is nothing to try'),
  ),
  'Quotas that are tried beside those in force, on the same partition: they decide and count, and refuse nobody.',
  { examples: ['5/minute', ['10/second', '200/minute']] },
)

const noun = 'a share as text, such as 10%'

const percentText = made(
  string({ noun, pattern: /^\d{1,3}(\.\d{1,9})?%$/, hint: `must be ${noun}`, max: 20 }),
  (text, at, issues) => {
    const percent = Number.parseFloat(text)
    return percent > 0 && percent <= 100
      ? percent / 100
      : report(issues, at, `must be more than 0% and at most 100%, not ${text}`)
  },
)

/** A share in per cent, such as `10%`, as a number above 0 and up to 1. */
export const percentage: Shape<number> = described(
  {
    ...percentText,
    parse: (value, at, issues) =>
      typeof value === 'number'
        ? report(issues, at, `must have its sign, such as "${value}%": a bare number may be meant as a fraction`)
        : percentText.parse(value, at, issues),
  },
  'A staged roll-out: the share of the partitions that the rule is enforced for; for the others it is as in shadow.',
  { examples: ['10%', '0.5%'] },
)

/** What of a rule bears on its trials, as the file says it. */
interface Tried {
  readonly mode?: 'enforce' | 'shadow'
  readonly enforce?: number
  readonly candidate?: readonly Quota[]
  readonly quotas: readonly Quota[]
}

/** A roll-out that has nothing to put in force, and a candidate that could admit nothing or stands beside nothing in force. */
export function reportUselessTrial(
  { mode, enforce, candidate: tried, quotas }: Tried,
  cost: Units,
  place: Place,
  issues: PolicyIssue[],
): void {
  if (enforce !== undefined) {
    const at = inside(place, 'enforce')
    if (mode === 'shadow') {
      report(issues, at, 'stands beside `mode: shadow`: leave `mode` out, the other partitions are as in shadow')
    }
    if (quotas.length === 0) report(issues, at, 'is for nothing: the rule is unlimited')
  }
  if (tried === undefined) return
  const at = inside(place, 'candidate')
  if (mode === 'shadow') {
    report(
      issues,
      at,
      'stands beside `mode: shadow`: such a rule is on trial itself, write a second one for other quotas',
    )
  }
  const largest = largestCost(tried)
  if (cost > largest) {
    report(issues, at, `holds ${largest}, less than the cost of one request, ${cost}: it could never admit one`)
  }
}
