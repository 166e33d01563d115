import { reportSharedAddress } from './check-listeners.js'
import { reportRepeatedNames, reportUnreachable } from './check-rules.js'
import { compileLayers } from './compile.js'
import type { LayerDescription } from './description.js'
import { policyFile } from './description.js'
import type { RuleDescription } from './description-rule.js'
import { utf8Escaped } from './path.js'
import type { RegexEngine } from './path-matcher.js'
import { pathPattern } from './path-pattern.js'
import { pathRegex } from './path-regex.js'
import { inside, report, wholeFile } from './place.js'
import type { PlacedRule } from './placed-rule.js'
import type { GatewayConfig, Policy, Rule } from './policy.js'
import type { PolicyIssue } from './policy-error.js'
import { PolicyError } from './policy-error.js'
import { faultIn } from './shape-text.js'

/** What a policy needs from outside. */
export interface ParsePolicyOptions {
  /** Runs rules with `regex`: `re2` of `spillway/regex`. Only such rules need it. */
  readonly regex?: RegexEngine
}

type PolicyFile = NonNullable<ReturnType<typeof policyFile.parseFields>>

/**
 * Reads a policy: the object that a YAML or JSON file holds. Pure: substitutes no variable and opens no file. Throws a
 * `PolicyError` with every fault at once, each with its place and how to mend it.
 */
export function parsePolicy(input: unknown, options: ParsePolicyOptions = {}): Policy {
  const issues: PolicyIssue[] = []
  const file = policyFile.parseFields(input, wholeFile, issues)
  if (file === undefined) throw new PolicyError(issues.map((issue) => ({ ...issue, path: 'policy' })))

  reportRulesAndLayers(input as object, issues)
  reportSharedAddress(file, issues)
  const placed = layersOf(file).map((layer) => ({
    name: layer.name,
    rules: layer.rules.flatMap((rule) => placeRule(rule, layer, file, options, issues)),
  }))
  reportRepeatedNames(
    placed.flatMap(({ rules }) => rules),
    issues,
  )
  for (const { rules } of placed) reportUnreachable(rules, issues)
  const layers = compileLayers(placed, issues)

  if (issues.length > 0) throw new PolicyError(issues)
  return {
    layers,
    identity: file.identity ?? [],
    anonymous: file.anonymous ?? 'address',
    strictPaths: file.strictPaths ?? false,
    denied: { status: 429, body: 'problem', ...file.denied },
    headers: file.headers ?? 'draft',
    onStoreFailure: file.onStoreFailure ?? 'local',
    gateway: gatewayOf(file),
  }
}

/** Exactly one of `rules` and `layers` says what is limited. */
function reportRulesAndLayers(input: object, issues: PolicyIssue[]): void {
  const rules = Object.hasOwn(input, 'rules')
  const layers = Object.hasOwn(input, 'layers')
  if (rules && layers)
    report(issues, inside(wholeFile, 'layers'), 'stands beside `rules`: a policy has one or the other')
  if (!rules && !layers)
    report(issues, inside(wholeFile, 'rules'), 'is missing: a policy has `rules`, or `layers` of them')
}

interface NamedLayer extends LayerDescription {
  readonly name: string
  /** What the default names of its rules start with. */
  readonly prefix: string
}

function layersOf({ rules = [], layers = [] }: PolicyFile): readonly NamedLayer[] {
  if (layers.length === 0) return [{ name: 'rules', prefix: 'rule', rules, place: wholeFile }]
  return layers.map((layer) => {
    const name = layer.name ?? `layer-${ordinal(layer)}`
    return { ...layer, name, prefix: name }
  })
}

/** The rule with the defaults that stand outside of it; none where its path cannot be read. */
function placeRule(
  rule: RuleDescription,
  layer: NamedLayer,
  file: PolicyFile,
  options: ParsePolicyOptions,
  issues: PolicyIssue[],
): readonly PlacedRule[] {
  const matches = matcherOf(rule, file.strictPaths ?? false, options.regex, issues)
  if (matches === undefined) return []
  return [
    {
      ...rule,
      name: rule.name ?? `${layer.prefix}-${ordinal(rule)}`,
      partition: rule.partition ?? layer.partition ?? [{ by: 'user' }],
      onStoreFailure: rule.onStoreFailure ?? file.onStoreFailure ?? 'local',
      matches,
    },
  ]
}

/** Where it stands in its list, counted from 1. */
function ordinal({ place }: { readonly place: { readonly keys: readonly (string | number)[] } }): number {
  return Number(place.keys.at(-1)) + 1
}

function matcherOf(
  { path, regex, place }: RuleDescription,
  strict: boolean,
  engine: RegexEngine | undefined,
  issues: PolicyIssue[],
): Rule['matches'] | undefined {
  const at = inside(place, regex === undefined ? 'path' : 'regex')
  try {
    if (regex === undefined) return pathPattern(path ?? '', { strict })
    const [beyondAscii] = /\P{ASCII}/u.exec(regex) ?? []
    if (beyondAscii !== undefined) return report(issues, at, unescaped(beyondAscii))
    if (engine !== undefined) return pathRegex(regex, engine, { strict })
    return report(issues, at, "needs an engine: import { re2 } from 'spillway/regex' and pass { regex: re2 }")
  } catch (error) {
    return report(issues, at, faultIn(error))
  }
}

function unescaped(char: string): string {
  return `paths have no ${JSON.stringify(char)} but its escape: write ${JSON.stringify(utf8Escaped(char))}`
}

function gatewayOf({ listen, upstream, admin, store = 'memory', forwardRawPath = false }: PolicyFile): GatewayConfig {
  return {
    ...(listen && { listen }),
    ...(upstream && { upstream }),
    ...(admin && { admin }),
    store,
    forwardRawPath,
  }
}
