import type { BoundQuota, Zone } from '../core/charge.js'
import { compileZone, everywhereZone } from '../core/zone.js'
import type { RuleDescription } from './description-rule.js'
import { inside, report } from './place.js'
import type { Layer, Rule } from './policy.js'
import type { PolicyIssue } from './policy-error.js'
import { quotaNames } from './quota-names.js'
import { faultIn } from './shape-text.js'

/** A rule with everything that stands outside of it in the file: its name and the defaults of its layer and of the policy. */
export type PlacedRule = RuleDescription &
  Required<Pick<RuleDescription, 'name' | 'partition' | 'onStoreFailure'>> & {
    readonly matches: Rule['matches']
    /** The name of its layer. */
    readonly layer: string
  }

/**
 * Rules made ready to be run: rules with the same zone share one `Zone`. Token buckets that cannot share one are an
 * issue of the rule that is too much.
 */
export function compileLayers(
  layers: readonly { readonly name: string; readonly rules: readonly PlacedRule[] }[],
  issues: PolicyIssue[],
): readonly Layer[] {
  const zones = compileZones(
    layers.flatMap(({ rules }) => rules),
    issues,
  )
  return layers.map(({ name, rules }) => ({
    name,
    rules: rules.flatMap((rule) => {
      const inZone = zones.get(rule)
      return inZone === undefined ? [] : [compileRule(rule, inZone)]
    }),
  }))
}

interface InZone {
  readonly zone: Zone
  readonly quotas: readonly BoundQuota[]
}

function compileRule(rule: PlacedRule, { zone, quotas }: InZone): Rule {
  const { name, place, matches, partition, charge, mode = 'enforce', onStoreFailure } = rule
  return {
    name,
    place: place.path,
    matches,
    ...(rule.method && { methods: withHead(rule.method) }),
    ...(rule.group && { groups: new Set(rule.group) }),
    quotas,
    quotaNames: quotaNames(name, rule.quotas),
    zone,
    partition,
    cost: charge?.cost ?? rule.cost ?? 1,
    ...(charge && { charge: { on: charge.on } }),
    block: rule.block && { ...rule.block, everywhere: blocksEverywhere(rule) },
    mode,
    onStoreFailure,
    ...(rule.lease && { lease: rule.lease }),
  }
}

/** The methods that a rule is for: HEAD counts as GET where only GET is named (RFC 9110, 9.3.2). */
export function withHead(methods: readonly string[]): ReadonlySet<string> {
  return new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)
}

function compileZones(rules: readonly PlacedRule[], issues: PolicyIssue[]): ReadonlyMap<PlacedRule, InZone> {
  const everywhere = rules.some(blocksEverywhere) ? everywhereZone() : undefined
  const shadows = rules.filter(isShadow)
  const inZones = new Map<PlacedRule, InZone>()

  for (const [name, members] of byZone(rules.filter((rule) => !isShadow(rule)))) {
    compileOneZone(name, members, everywhere, inZones, issues)
  }
  for (const [name, members] of byZone(shadows)) {
    for (const rule of members) {
      const own = members.length > 1 ? `${name}*shadow*${rule.name}` : `${name}*shadow`
      compileOneZone(own, [rule], undefined, inZones, issues)
    }
  }
  return inZones
}

function compileOneZone(
  name: string,
  members: readonly PlacedRule[],
  everywhere: Zone | undefined,
  inZones: Map<PlacedRule, InZone>,
  issues: PolicyIssue[],
): void {
  const compile = (rules: readonly PlacedRule[]) =>
    compileZone(
      name,
      rules.map(({ quotas }) => quotas),
      everywhere,
    )
  try {
    const { zone, bound } = compile(members)
    for (const [index, rule] of members.entries()) inZones.set(rule, { zone, quotas: bound[index] ?? [] })
  } catch (error) {
    const tooMuch = members.find((_, index) => !compiles(() => compile(members.slice(0, index + 1))))
    report(issues, inside(tooMuch?.place ?? { path: '', keys: [] }, 'quotas'), faultIn(error))
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
function blocksEverywhere(rule: PlacedRule): boolean {
  return rule.block?.everywhere === true && !isShadow(rule)
}
