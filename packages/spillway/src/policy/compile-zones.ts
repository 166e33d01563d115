import type { BoundQuota, Zone } from '../core/charge.js'
import { compileZone, everywhereZone } from '../core/zone.js'
import { inside, report, wholeFile } from './place.js'
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
  const inForce = compilePools(poolsInForce(rules), issues)
  // What is at fault in force is not told again of its shadow.
  const hasShadow = (rule: PlacedRule) => isShadow(rule) || (rule.enforce !== undefined && inForce.has(rule))
  const inShadow = compilePools(poolsInShadow(rules.filter(hasShadow)), issues)
  const onTrial = compilePools(poolsOnTrial(rules), issues)

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

function poolsInForce(rules: readonly PlacedRule[]): readonly Pool[] {
  const everywhere = rules.some(blocksEverywhere) ? everywhereZone() : undefined
  return byZone(rules.filter((rule) => !isShadow(rule))).map((named) => ({ ...named, key: 'quotas', everywhere }))
}

/** One for each rule, by its own name where several have the same zone. */
function poolsInShadow(rules: readonly PlacedRule[]): readonly Pool[] {
  return byZone(rules).flatMap(({ name, members }) =>
    members.map((rule): Pool => {
      const own = members.length > 1 ? `${name}*shadow*${rule.name}` : `${name}*shadow`
      return { name: own, members: [rule], key: 'quotas' }
    }),
  )
}

function poolsOnTrial(rules: readonly PlacedRule[]): readonly Pool[] {
  const tried = rules.filter(({ candidate }) => candidate !== undefined)
  return byZone(tried).map(({ name, members }) => ({ name: `${name}*candidate`, members, key: 'candidate' }))
}

function compilePools(pools: readonly Pool[], issues: PolicyIssue[]): ReadonlyMap<PlacedRule, InZone> {
  const inZones = new Map<PlacedRule, InZone>()
  for (const pool of pools) compilePool(pool, inZones, issues)
  return inZones
}

function compilePool(
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
    report(issues, inside(tooMuch?.place ?? wholeFile, key), faultIn(error))
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

/** Rules that name the same zone, or are the only one of their own. */
function byZone(rules: readonly PlacedRule[]): readonly Pick<Pool, 'name' | 'members'>[] {
  const zones = new Map<string, PlacedRule[]>()
  for (const rule of rules) {
    const name = rule.zone ?? rule.name
    zones.set(name, [...(zones.get(name) ?? []), rule])
  }
  return [...zones].map(([name, members]) => ({ name, members }))
}

function isShadow(rule: PlacedRule): boolean {
  return rule.mode === 'shadow'
}

/** A shadow rule never does: its block would reach rules that are enforced. */
export function blocksEverywhere(rule: PlacedRule): boolean {
  return rule.block?.everywhere === true && !isShadow(rule)
}
