import type { Decision, QuotaStanding } from '../src/core/decision.js'
import type { Quota } from '../src/core/quota.js'
import { quota } from '../src/core/quota-parser.js'
import type { RequestDescription } from '../src/identity/identity.js'
import { pathPattern } from '../src/policy/path-pattern.js'
import type { Rule } from '../src/policy/policy.js'
import type { Allow, Deny, RuleDecision } from '../src/verdict.js'

/** A rule as a policy would compile it, for tests that start at a verdict. */
export function exampleRule(quotas: readonly (string | Quota)[], changes: Partial<Rule> = {}): Rule {
  const name = changes.name ?? 'towns'
  const made = quotas.map((each) => (typeof each === 'string' ? quota(each) : each))
  return {
    name,
    place: 'rules[0]',
    matches: pathPattern('/**', { strict: false }),
    quotas: made.map((each, counter) => ({ quota: each, counter })),
    quotaNames: made.length === 1 ? [name] : made.map((_, i) => `${name}-${i + 1}`),
    zone: { name, counters: made },
    partition: [{ by: 'user' }],
    cost: 1,
    block: undefined,
    mode: 'enforce',
    onStoreFailure: 'local',
    ...changes,
  }
}

/** Where each quota of a rule stands. */
export function standings(
  rule: Rule,
  ...figures: readonly { remaining?: number; resetAfter?: number; retryAfter?: number }[]
): QuotaStanding[] {
  return rule.quotas.map(({ quota }, i) => ({ quota, remaining: 0, resetAfter: 0, retryAfter: 0, ...figures[i] }))
}

/** A rule's decision with the figures of its first quota on top. */
export function ruleDecision(
  rule: Rule,
  kind: 'allowed' | 'denied' | 'blocked' | 'impossible',
  ...figures: Parameters<typeof standings>[1][]
): RuleDecision {
  const quotas = standings(rule, ...figures)
  const { remaining = 0, resetAfter = 0 } = quotas[0] ?? {}
  const shared = { limit: quotas[0]?.quota.limit ?? 0, remaining, resetAfter, quotas }
  const retryAfter = Math.max(0, ...quotas.map((standing) => standing.retryAfter))
  const decisions: Readonly<Record<typeof kind, Decision>> = {
    allowed: { kind: 'allowed', ...shared, at: 0, taken: rule.cost },
    denied: { kind: 'denied', ...shared, retryAfter },
    blocked: { kind: 'blocked', ...shared, retryAfter },
    impossible: { kind: 'impossible', ...shared, largestCost: shared.limit },
  }
  return { rule, decision: decisions[kind] }
}

const asked = { identity: { kind: 'user', user: 'alice', group: 'default' }, path: '/towns', shadows: [] } as const

export function allow(...decisions: readonly RuleDecision[]): Allow {
  return { kind: 'allow', ...asked, decisions }
}

/** A denial for which the first decision counts. */
export function deny(decisive: RuleDecision, ...others: readonly RuleDecision[]): Deny {
  return { kind: 'deny', ...asked, decisions: [decisive, ...others], decisive }
}

/** A request of a client with these headers. */
export function request(
  method = 'GET',
  target = '/towns',
  headers: Readonly<Record<string, string>> = {},
  address: string | undefined = '192.0.2.1',
): RequestDescription {
  return { method, target, address, header: (name) => headers[name] }
}
