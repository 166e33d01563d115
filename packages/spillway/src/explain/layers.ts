import type { Decision } from '../core/decision.js'
import type { Asking } from '../guard/charges.js'
import { misfits } from '../policy/misfits.js'
import { partitionName } from '../policy/partition.js'
import type { Layer, Rule } from '../policy/policy.js'
import type { RuleDecision } from '../verdict.js'
import type { ChargeExplained, LayerExplained, QuotaExplained, RuleExplained } from './explanation.js'
import { shownPartition } from './privacy.js'

/** What is known of a request once it has been decided on: all that its layers are explained by. */
export interface Decided {
  readonly path: string
  readonly method: string
  readonly group: string
  readonly preflight: boolean
  /** The decisions of enforced and of shadow rules, by the name of the rule. */
  readonly decisions: ReadonlyMap<string, Decision>
  /** By the name of the rule, of every rule that applies or is in shadow. */
  readonly partitions: ReadonlyMap<string, string>
}

/** The decisions of a verdict by the name of their rule. */
export function byRule(decided: readonly RuleDecision[]): ReadonlyMap<string, Decision> {
  return new Map(decided.map(({ rule, decision }) => [rule.name, decision]))
}

/** The rules of a layer that a request is put to: the shadow rules that are passed over, and the first that is enforced. */
export function rulesFor({ rules }: Layer, { path, request, identity, preflight }: Asking): readonly Rule[] {
  const fitting = rules.filter((rule) => misfits(rule, path, request.method, identity.group, preflight).length === 0)
  const first = fitting.findIndex(({ mode }) => mode === 'enforce')
  return first === -1 ? fitting : fitting.slice(0, first + 1)
}

/** The names of the partitions that a request draws on, or would, by the name of the rule; without credentials. */
export function partitionsFor(layers: readonly Layer[], asked: Asking): ReadonlyMap<string, string> {
  const rules = layers.flatMap((layer) => rulesFor(layer, asked))
  return new Map(rules.map((rule) => [rule.name, shownPartition(partitionName(rule.partition, asked))]))
}

/** Each rule of a layer, with what became of it. */
export function explainLayer({ name, rules }: Layer, decided: Decided): LayerExplained {
  let applied = false
  const explained = rules.map((rule): RuleExplained => {
    const named = { name: rule.name, place: rule.place }
    if (applied) return { ...named, outcome: 'not-asked' }
    const found = misfits(rule, decided.path, decided.method, decided.group, decided.preflight)
    if (found.length > 0) return { ...named, outcome: 'misfit', misfits: found }
    applied = rule.mode === 'enforce'
    return { ...named, outcome: applied ? 'applies' : 'shadow', ...explainCharge(rule, decided) }
  })
  return { name, rules: explained }
}

function explainCharge(rule: Rule, { decisions, partitions }: Decided): ChargeExplained {
  const decision = decisions.get(rule.name)
  return {
    partition: partitions.get(rule.name) ?? '',
    zone: rule.zone.name,
    cost: rule.cost,
    mode: rule.mode,
    ...(decision === undefined
      ? { decision: 'uncounted', quotas: [] }
      : { decision: decision.kind, ...outcomeOf(rule, decision) }),
  }
}

function outcomeOf(rule: Rule, decision: Decision): Pick<ChargeExplained, 'quotas'> & Partial<ChargeExplained> {
  switch (decision.kind) {
    case 'unknown':
      return { fault: decision.cause.code, quotas: [] }
    case 'denied':
      return {
        retryAfter: decision.retryAfter,
        ...(rule.block && { startsBlock: rule.block }),
        quotas: quotasOf(rule, decision),
      }
    case 'blocked':
      return { retryAfter: decision.retryAfter, quotas: quotasOf(rule, decision) }
    case 'allowed':
    case 'impossible':
      return { quotas: quotasOf(rule, decision) }
  }
}

function quotasOf({ quotaNames }: Rule, decision: Exclude<Decision, { kind: 'unknown' }>): readonly QuotaExplained[] {
  return decision.quotas.map(({ quota, remaining, resetAfter, retryAfter }, i) => ({
    name: quotaNames[i] ?? '',
    quota,
    remaining,
    resetAfter,
    ...(retryAfter !== Number.POSITIVE_INFINITY && { retryAfter }),
  }))
}
