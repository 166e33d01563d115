import type { BoundQuota, Zone } from '../core/charge.js'
import { compileZone, everywhereZone } from '../core/zone.js'
import { inside, report } from './place.js'
import type { PlacedRule } from './placed-rule.js'
import type { PolicyIssue } from './policy-error.js'
import { faultIn } from './shape-text.js'

/** A rule's quotas, bound to the counters of the zone that they count in. */
export interface InZone {
  readonly zone: Zone
  readonly quotas: readonly BoundQuota[]
}

/** The zones that a rule counts in. */
export interface RuleZones {
  /** That of the rule as its mode says. */
  readonly own: InZone
  /** For the partitions that its roll-out has not reached. */
  readonly shadow?: InZone | undefined
  readonly candidate?: InZone | undefined
}

/**
 * The zones of all rules. Those in force share one where they name the same; so do their candidates, as they would share
 * it in force. Whatever is in shadow counts for itself. A rule whose quotas cannot share a zone has none, and an issue.
 */
export function compileZones(rules: readonly PlacedRule[], issues: PolicyIssue[]): ReadonlyMap<PlacedRule, RuleZones> {
  const everywhere = rules.some(blocksEverywhere) ? everywhereZone() : undefined
  const inForce = new Map<PlacedRule, InZone>()
  const inShadow = new Map<PlacedRule, InZone>()
  const onTrial = new Map<PlacedRule, InZone>()

  for (const [name, members] of byZone(rules.filter((rule) => !isShadow(rule)))) {
    compileOneZone({ name, members, key: 'quotas', everywhere }, inForce, issues)
  }
  for (const [name, members] of byZone(
    rules.filter((rule) => isShadow(rule) || (rule.enforce !== undefined && inForce.has(rule))),
  )) {
    for (const rule of members) {
      const own = members.length > 1 ? `${name}*shadow*${rule.name}` : `${name}*shadow`
      compileOneZone({ name: own, members: [rule], key: 'quotas' }, inShadow, issues)
    }
  }
  for (const [name, members] of byZone(rules.filter(({ candidate }) => candidate !== undefined))) {
    compileOneZone({ name: `${name}*candidate`, members, key: 'candidate' }, onTrial, issues)
  }

  return new Map(
    rules.flatMap((rule) => {
      const own = (isShadow(rule) ? inShadow : inForce).get(rule)
      return own ? [[rule, { own, shadow: inShadow.get(rule), candidate: onTrial.get(rule) }]] : []
    }),
  )
}

/** A zone that is to be made of the quotas which its members have under a key. */
interface Pool {
  readonly name: string
  readonly members: readonly PlacedRule[]
  readonly key: 'quotas' | 'candidate'
  readonly everywhere?: Zone | undefined
}

function compileOneZone(
  { name, members, key, everywhere }: Pool,
  inZones: Map<PlacedRule, InZone>,
  issues: PolicyIssue[],
): void {
  const compile = (rules: readonly PlacedRule[]) =>
    compileZone(
      name,
      rules.map((rule) => rule[key] ?? []),
      everywhere,
    )
  try {
    const { zone, bound } = compile(members)
    for (const [index, rule] of members.entries()) inZones.set(rule, { zone, quotas: bound[index] ?? [] })
  } catch (error) {
    const tooMuch = members.find((_, index) => !compiles(() => compile(members.slice(0, index + 1))))
    report(issues, inside(tooMuch?.place ?? { path: '', keys: [] }, key), faultIn(error))
  }
}

function compiles(compile: () => unknown): boolean {
  try {
    compile()
    return true
  } catch {
    return false
  }
}

function byZone(rules: readonly PlacedRule[]): ReadonlyMap<string, PlacedRule[]> {
  const zones = new Map<string, PlacedRule[]>()
  for (const rule of rules) {
    const name = rule.zone ?? rule.name
    zones.set(name, [...(zones.get(name) ?? []), rule])
  }
  return zones
}

function isShadow(rule: PlacedRule): boolean {
  return rule.mode === 'shadow'
}

/** A shadow rule never does: its block would reach rules that are enforced. */
export function blocksEverywhere(rule: PlacedRule): boolean {
  return rule.block?.everywhere === true && !isShadow(rule)
}
