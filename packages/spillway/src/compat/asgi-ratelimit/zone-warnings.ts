import { report } from '../../policy/place.js'
import type { PolicyIssue } from '../../policy/policy-error.js'
import type { ReadRule } from './config.js'
import { WINDOWS } from './config.js'
import { isLimited } from './policy.js'

/** Rules of one zone that share less than its name promises. One warning a rule, beside the first of its zone. */
export function reportZones(rules: readonly ReadRule[], warnings: PolicyIssue[]): void {
  const firsts = new Map<string, ReadRule>()
  for (const rule of rules) {
    const { zone } = rule
    if (zone === undefined || !isLimited(rule)) continue
    const first = firsts.get(zone)
    if (first === undefined) firsts.set(zone, rule)
    else compare(first, rule, warnings)
  }
}

function compare(first: ReadRule, rule: ReadRule, warnings: PolicyIssue[]): void {
  if (first.method !== rule.method) {
    report(
      warnings,
      rule.place,
      `shares no counts with ${first.place.path}: rules of one zone do so for the same \`method\` only, and these have ${first.method} and ${rule.method}`,
    )
  } else if (windowsOf(first) !== windowsOf(rule)) {
    report(
      warnings,
      rule.place,
      `shares with ${first.place.path} only windows that both have: one has ${windowsOf(first)}, the other ${windowsOf(rule)}`,
    )
  }
}

function windowsOf({ limits }: ReadRule): string {
  return WINDOWS.filter((window) => limits[window] !== undefined).join(', ')
}
