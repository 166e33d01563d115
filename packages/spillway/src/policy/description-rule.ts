import type { Block, FailurePolicy } from '../core/charge.js'
import { FAILURE_POLICIES } from '../core/charge.js'
import { HTTP_TOKEN } from '../core/http-token.js'
import { nearest } from '../core/nearest.js'
import type { Quota } from '../core/quota.js'
import { largestCost } from '../core/tightest.js'
import { MILLISECOND } from '../core/units.js'
import { charge, reportUselessCharge } from './description-charge.js'
import { lease, reportUselessLease } from './description-lease.js'
import { quotaList } from './description-quota.js'
import { candidate, percentage, reportUselessTrial } from './description-trial.js'
import type { Place } from './place.js'
import { inside, report } from './place.js'
import type { PartitionPart } from './policy.js'
import type { PolicyIssue } from './policy-error.js'
import type { Shape } from './shape.js'
import { boolean, described, exactlyOne, integer, made, oneOf, string } from './shape.js'
import type { ValueOf } from './shape-composite.js'
import { list, object, oneOrList, optional, union } from './shape-composite.js'
import { duration, name, pathText } from './shape-text.js'

/** What a request meets while the store gives no answer. */
export const failurePolicy: Shape<FailurePolicy> = described(
  oneOf(...FAILURE_POLICIES),
  'While the store gives no answer: count in this process, allow, or deny. Default: local.',
)

/** Whose share is drawn on: one part, or several for a composite partition. */
export const partition: Shape<readonly PartitionPart[]> = described(
  oneOrList(made(string({ noun: 'text such as user', max: 256 }), readPartitionPart)),
  'Whose share is drawn on: user (default), ip, network, group, path, method, everyone, header:NAME, claim:NAME, or a list.',
  { examples: ['user', 'ip', 'everyone', ['user', 'path'], 'header:x-tenant', 'claim:org'] },
)

const span = duration({ min: MILLISECOND })

const block: Shape<Block> = described(
  union(
    made(span, (time) => ({ for: time, everywhere: false })),
    made(
      object({
        for: described(span, 'How long.'),
        everywhere: optional(described(boolean(), 'Whether every rule refuses the partition too. Default: false.')),
      }),
      ({ for: time, everywhere = false }) => ({ for: time, everywhere }),
    ),
  ),
  'After a denial, a time in which everything is refused.',
  { examples: ['60s', { for: '15m', everywhere: true }] },
)

const method = made(
  string({ noun: 'text such as GET', pattern: HTTP_TOKEN, hint: 'is not a method', max: 64 }),
  (value, at, issues) => {
    if (value === '*') return report(issues, at, 'leave `method` out for every method')
    const usual = value.toUpperCase()
    if (value === usual || !USUAL_METHODS.has(usual)) return value
    return report(issues, at, `can never match: methods are told apart by letter case, write ${usual}`)
  },
)
const USUAL_METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'QUERY',
])

const group = made(string({ max: 256 }), (value, at, issues) =>
  value === '*' ? report(issues, at, 'leave `group` out for every group') : value,
)

const ruleObject = object({
  name: optional(
    described(name(), 'Unique. It is the name in header fields and metrics. Default: rule-3 for the third.'),
  ),
  path: optional(described(pathText(), 'The normalised path it is for: /towns, /users/:id, /static/* or /static/**.')),
  regex: optional(
    described(string({ max: 2_048 }), 'Instead of `path`: an expression that matches from the start of the path.'),
  ),
  group: optional(described(oneOrList(group), 'The groups it is for. Default: every group.')),
  method: optional(described(oneOrList(method), 'The methods it is for; GET includes HEAD. Default: every method.')),
  quotas: quotaList,
  zone: optional(described(name(), 'Rules with the same zone share their counts. Default: the name of the rule.')),
  charge: optional(charge),
  block: optional(block),
  partition: optional(partition),
  cost: optional(described(integer({ min: 1 }), 'How many units one request takes. Default: 1.')),
  mode: optional(described(oneOf('enforce', 'shadow'), 'shadow: decide, record, let through. Default: enforce.')),
  enforce: optional(percentage),
  candidate: optional(candidate),
  onStoreFailure: optional(failurePolicy),
  lease: optional(lease),
})

/** A rule as the file says it, without the defaults that stand outside of it. */
export type RuleDescription = ValueOf<(typeof ruleObject)['fields']> & { readonly place: Place }

const rule: Shape<RuleDescription> = made(
  described(ruleObject, 'Which requests fall under which quotas.', exactlyOne('path', 'regex')),
  (value, place, issues) => {
    const before = issues.length
    if (value.path !== undefined && value.regex !== undefined) {
      report(issues, inside(place, 'regex'), 'stands beside `path`: a rule has one or the other')
    }
    if (value.path === undefined && value.regex === undefined) {
      report(issues, place, 'has neither `path` nor `regex`: for every path write `path: /**`')
    }
    const { cost = 1, quotas } = value
    if (value.charge) reportUselessCharge(value.charge, value, place, issues)
    reportCostAboveLimit(cost, quotas, inside(place, 'cost'), issues)
    reportCostAboveLimit(value.charge?.cost ?? 1, quotas, inside(inside(place, 'charge'), 'cost'), issues)
    reportUselessTrial(value, value.charge?.cost ?? cost, place, issues)
    if (value.lease) reportUselessLease(value.lease, value.charge?.cost ?? cost, quotas, place, issues)
    return issues.length > before ? undefined : { ...value, place }
  },
)

/** Rules in order; faulty ones are left out of the value, so that the others are still checked against each other. */
export const rules: Shape<readonly RuleDescription[]> = list(rule, { faulty: 'drop' })

function readPartitionPart(text: string, at: Place, issues: PolicyIssue[]): PartitionPart | undefined {
  const plain = SIMPLE_PARTS.find((by) => by === text)
  if (plain !== undefined) return { by: plain }

  const [, by, named = ''] = /^(header|claim):(.*)$/s.exec(text) ?? []
  if (by === 'claim' && named !== '') return { by, name: named }
  if (by === 'header' && HTTP_TOKEN.test(named)) return { by, name: named.toLowerCase() }
  if (by !== undefined)
    return report(issues, at, `must name the ${by}, such as ${by}:${by === 'claim' ? 'org' : 'x-tenant'}`)

  const meant = nearest(text, SIMPLE_PARTS)
  const known = `one of ${SIMPLE_PARTS.join(', ')}, header:NAME, claim:NAME`
  return report(issues, at, `must be ${known}${meant === undefined ? '' : `: did you mean \`${meant}\`?`}`)
}

const SIMPLE_PARTS = ['user', 'ip', 'network', 'group', 'path', 'method', 'everyone'] as const

/** A cost that no window can hold: such a rule could never admit a request. */
function reportCostAboveLimit(cost: number, quotas: readonly Quota[], place: Place, issues: PolicyIssue[]): void {
  const largest = largestCost(quotas)
  if (cost > largest) {
    report(issues, place, `is above what its quotas hold, ${largest}: this rule could never admit a request`)
  }
}
