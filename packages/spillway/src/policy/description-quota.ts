import type { QuotaOptions } from '../core/make-quota.js'
import { makeQuota } from '../core/make-quota.js'
import { nearest } from '../core/nearest.js'
import type { Quota } from '../core/quota.js'
import { LARGEST_LIMIT, SHORTEST_WINDOW } from '../core/quota-bounds.js'
import { quotas } from '../core/quota-parser.js'
import type { Place } from './place.js'
import { report } from './place.js'
import type { PolicyIssue } from './policy-error.js'
import type { Shape } from './shape.js'
import { described, integer, made, oneOf, string } from './shape.js'
import { list, object, optional, union } from './shape-composite.js'
import { duration, faultIn } from './shape-text.js'

const quotaObject = object({
  limit: described(integer({ min: 1, max: LARGEST_LIMIT }), 'How many units a window allows.'),
  window: optional(
    described(duration({ min: SHORTEST_WINDOW }), 'The time over which the limit is allotted. Absent with `every`.'),
  ),
  algorithm: optional(
    described(
      oneOf('sliding-window', 'fixed-window', 'token-bucket'),
      'How units are counted. Default: sliding-window; with `every`, fixed-window.',
    ),
  ),
  burst: optional(
    described(integer({ min: 1, max: LARGEST_LIMIT }), 'Token bucket: the most units it holds. Default: the limit.'),
  ),
  align: optional(
    described(
      oneOf('first', 'clock'),
      'Fixed window: starts at its first charge (default), or at a multiple of itself since the epoch.',
    ),
  ),
  every: optional(
    described(oneOf('day', 'week', 'month', 'year'), 'Fixed window: one local day, week (from Monday), month or year.'),
  ),
  timezone: optional(
    described(string({ max: 64 }), 'With `every`: an IANA time zone. Default: UTC.', { examples: ['Europe/Berlin'] }),
  ),
  resolution: optional(
    described(
      integer({ min: 1, max: 1_000 }),
      'Sliding window: how many parts of the window are told apart once its log is long. Default: 60.',
    ),
  ),
})

const oneQuota: Shape<Quota> = made(quotaObject, (options: QuotaOptions, at, issues) => {
  if (options.window === undefined && options.every === undefined) {
    return report(issues, at, 'has no window: write `window: 1m`, or `every: day` for a calendar window')
  }
  try {
    return makeQuota(options)
  } catch (error) {
    return report(issues, at, faultIn(error))
  }
})

const quotaText: Shape<readonly Quota[]> = described(
  made(string({ noun: 'text such as 10/minute', max: 1_000 }), readQuotas),
  'Quotas, as LIMIT/WINDOW.',
  { examples: ['10/minute', '1/second; 200/minute', '500/15m'] },
)

/** The `quotas` of a rule: `unlimited` (no quota), text, an object, or a list that may mix both. */
export const quotaList: Shape<readonly Quota[]> = described(
  union(
    made(oneOf('unlimited'), () => []),
    quotaText,
    made(oneQuota, (quota) => [quota]),
    made(list(union(quotaText, oneQuota)), (items) => items.flat()),
  ),
  'How much is allowed: `unlimited`, text such as 10/minute, an object, or a list of them.',
)

function readQuotas(text: string, at: Place, issues: PolicyIssue[]): readonly Quota[] | undefined {
  if (text === 'unlimited') return report(issues, at, '`unlimited` stands alone, not in a list')
  if (nearest(text, ['unlimited'])) return report(issues, at, 'is not a quota: did you mean `unlimited`?')
  try {
    return quotas(text)
  } catch (error) {
    return report(issues, at, faultIn(error))
  }
}
