import { after } from '../core/awaitable.js'
import { nearest } from '../core/nearest.js'
import { functionOption } from '../core/options.js'
import type { Quota } from '../core/quota.js'
import type { Awaitable, Units } from '../core/units.js'
import { compileZone } from '../core/zone.js'
import type { RequestDescription } from '../identity/identity.js'
import type { Policy, Rule } from '../policy/policy.js'
import { quotaNames } from '../policy/quota-names.js'
import { readQuotas } from './quota-text.js'
import type { QuotaText, RequestFunctions } from './rule-functions.js'

/** The rule as it is for one request. */
export type VariantOf = (rule: Rule, request: RequestDescription) => Awaitable<Rule>

/** So many variants of a rule are kept; then all are made anew. Wording and stores know rules again by the object. */
const MOST_VARIANTS = 1_000

/**
 * Rules whose cost or quotas a function says. Absent where there is no function. Throws a `TypeError` for a name that no
 * rule has, and for what is no function.
 */
export function variantsOf(policy: Policy, { costs = {}, limits = {} }: RequestFunctions): VariantOf | undefined {
  const rules = policy.layers.flatMap((layer) => layer.rules.flatMap(inEitherMode))
  const names = rules.map(({ name }) => name)
  for (const [option, functions] of Object.entries({ costs, limits })) {
    for (const [name, value] of Object.entries(functions)) {
      checkName(option, name, names)
      functionOption(value, `${option}: ${name}`)
    }
  }

  const variants = new Map(
    rules
      .filter(({ name }) => Object.hasOwn(costs, name) || Object.hasOwn(limits, name))
      .map((rule) => [rule, variantsOfRule(rule, costs[rule.name], limits[rule.name])] as const),
  )
  return variants.size === 0 ? undefined : (rule, request) => variants.get(rule)?.(request) ?? rule
}

/** In roll-out a rule is two; its candidate takes the cost from it, and has quotas of its own. */
function inEitherMode(rule: Rule): readonly Rule[] {
  return rule.rollOut === undefined ? [rule] : [rule, rule.rollOut.shadow]
}

/** Each rule as it is for the request, one after the other: a function that fails must not leave another's promise alone. */
export function variantsFor(
  variantOf: VariantOf,
  rules: readonly Rule[],
  request: RequestDescription,
): Awaitable<readonly Rule[]> {
  return rules.reduce<Awaitable<readonly Rule[]>>(
    (done, rule) => after(done, (before) => after(variantOf(rule, request), (variant) => [...before, variant])),
    [],
  )
}

function checkName(option: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return
  const meant = nearest(name, names)
  const help = meant === undefined ? `: the rules are ${names.join(', ')}` : `, did you mean ${JSON.stringify(meant)}?`
  throw new TypeError(`${option}: no rule is called ${JSON.stringify(name)}${help}`)
}

type Asked<T> = ((request: RequestDescription) => Awaitable<T>) | undefined

function variantsOfRule(
  rule: Rule,
  costFor: Asked<Units>,
  limitFor: Asked<QuotaText>,
): (request: RequestDescription) => Awaitable<Rule> {
  const limited = new Map<string, Rule>()
  const priced = new WeakMap<Rule, Map<Units, Rule>>()

  const limitedTo = (text: QuotaText): Rule =>
    kept(limited, typeof text === 'string' ? text : JSON.stringify(text), () => withQuotas(rule, readQuotas(text)))
  const costing = (held: Rule, cost: Units): Rule => {
    const byCost = priced.get(held) ?? new Map<Units, Rule>()
    priced.set(held, byCost)
    return kept(byCost, checkedCost(rule, cost), () => ({ ...held, cost }))
  }
  return (request) => {
    const held = limitFor === undefined ? rule : after(limitFor(request), limitedTo)
    return costFor === undefined
      ? held
      : after(held, (later) => after(costFor(request), (cost) => costing(later, cost)))
  }
}

function kept<Key>(variants: Map<Key, Rule>, key: Key, make: () => Rule): Rule {
  const known = variants.get(key)
  if (known !== undefined) return known
  const made = make()
  if (variants.size === MOST_VARIANTS) variants.clear()
  variants.set(key, made)
  return made
}

/** It counts in the counters of the rule's zone too, so that whoever shares the zone shares the counts. */
function withQuotas(rule: Rule, quotas: readonly Quota[]): Rule {
  const { name, counters, everywhere } = rule.zone
  const { zone, bound } = compileZone(name, [counters, quotas], everywhere)
  return { ...rule, quotas: bound[1] ?? [], quotaNames: quotaNames(rule.name, quotas), zone }
}

function checkedCost({ name }: Rule, cost: unknown): Units {
  if (typeof cost === 'number' && Number.isSafeInteger(cost) && cost >= 1) return cost
  throw new RangeError(
    `the cost for rule ${name} must be a whole number from 1, not ${typeof cost === 'number' ? cost : typeof cost}`,
  )
}
