import { report } from '../../policy/place.js'
import type { PolicyIssue } from '../../policy/policy-error.js'
import type { ReadPattern, ReadRule } from './config.js'
import { isVariable, pathsCover, ruleCovers } from './cover.js'
import { isLimited } from './policy.js'
import { reportZones } from './zone-warnings.js'

/** What a configuration leaves open without a word: each is allowed, and probably not meant. */
export function warningsOf(patterns: readonly ReadPattern[], strictPaths: boolean | undefined): readonly PolicyIssue[] {
  const warnings: PolicyIssue[] = []
  reportSpellings(patterns, strictPaths, warnings)
  for (const [index, pattern] of patterns.entries()) {
    reportDeadRules(pattern, patterns.slice(0, index), warnings)
    reportUncoveredGroups(pattern, patterns, warnings)
    reportUncoveredMethods(pattern, patterns.slice(index), warnings)
    reportPathCounts(pattern, warnings)
  }
  const rules = patterns.flatMap((pattern) => pattern.rules)
  reportUnlimited(rules, warnings)
  reportZones(rules, warnings)
  return warnings
}

function reportSpellings(
  patterns: readonly ReadPattern[],
  strictPaths: boolean | undefined,
  warnings: PolicyIssue[],
): void {
  if (strictPaths === undefined) {
    report(
      warnings,
      { path: 'strictPaths', keys: ['strictPaths'] },
      'is not given: /TOWNS and /towns/ are no /towns to these patterns, but they are to Express and others; false limits them alike, true says that they are meant to differ',
    )
  }
  for (const { place, matches } of patterns) {
    const { source } = matches
    if (strictPaths === false && /\/(\$|\\[zZ])?$/.test(source) && !/^\^?\/$/.test(source)) {
      report(warnings, place, 'ends in a slash, which is dropped from paths unless `strictPaths` is true: leave it out')
    }
    if (/[^\x21-\x7e]/.test(source)) {
      report(warnings, place, 'has characters that stand percent-encoded in paths: write %C3%A4 for ä, %20 for a space')
    }
  }
}

/** The first rule of a group and method applies, of the first pattern that has one. */
function reportDeadRules(pattern: ReadPattern, before: readonly ReadPattern[], warnings: PolicyIssue[]): void {
  const { rules } = pattern
  const wider = before.filter((each) => pathsCover(each, pattern))
  for (const [index, rule] of rules.entries()) {
    const earlier = [...wider.flatMap((each) => each.rules), ...rules.slice(0, index)]
    const first = earlier.find((each) => ruleCovers(each, rule))
    if (first !== undefined)
      report(warnings, rule.place, `never applies: ${first.place.path} takes all of its requests`)
  }
}

function reportUncoveredGroups(pattern: ReadPattern, patterns: readonly ReadPattern[], warnings: PolicyIssue[]): void {
  const groups = new Set(['default', ...patterns.flatMap(({ rules }) => rules.map(({ group }) => group))])
  for (const group of groups) {
    if (patterns.some((each) => isCoveredBy(pattern, each) && has(each.rules, group))) continue
    report(warnings, pattern.place, `has no rule for the group ${JSON.stringify(group)}: it passes without a limit`)
  }
}

function reportUncoveredMethods(pattern: ReadPattern, onwards: readonly ReadPattern[], warnings: PolicyIssue[]): void {
  for (const group of new Set(pattern.rules.map((rule) => rule.group))) {
    if (onwards.some((each) => isCoveredBy(pattern, each) && has(each.rules, group, '*'))) continue
    const methods = pattern.rules.filter((rule) => rule.group === group).map(({ method }) => method)
    const head = methods.includes('GET') && !methods.includes('HEAD') ? ', HEAD among them,' : ''
    report(
      warnings,
      pattern.place,
      `has rules for the group ${JSON.stringify(group)} for ${methods.join(', ')} only: other methods${head} pass without a limit`,
    )
  }
}

function isCoveredBy(pattern: ReadPattern, other: ReadPattern): boolean {
  return other === pattern || pathsCover(other, pattern)
}

function has(rules: readonly ReadRule[], group: string, method?: '*'): boolean {
  return rules.some((rule) => rule.group === group && (method === undefined || rule.method === method))
}

function reportPathCounts({ matches, rules }: ReadPattern, warnings: PolicyIssue[]): void {
  if (!isVariable(matches.source)) return
  for (const rule of rules.filter((each) => isLimited(each) && each.zone === undefined)) {
    report(
      warnings,
      rule.place,
      'counts each path of its pattern alone: who walks through them is never refused; give it a `zone`',
    )
  }
}

/** A rule without windows does not look for blocks. */
function reportUnlimited(rules: readonly ReadRule[], warnings: PolicyIssue[]): void {
  const blocks = rules.some((rule) => rule.blockFor !== undefined && isLimited(rule))
  for (const rule of rules.filter((each) => !isLimited(each))) {
    if (rule.blockFor !== undefined) report(warnings, rule.place, 'is unlimited: its `block_time` does nothing')
    else if (blocks) report(warnings, rule.place, 'is unlimited: a user who is blocked elsewhere passes here')
  }
}
