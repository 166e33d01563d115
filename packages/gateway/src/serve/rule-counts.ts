import type { Decision, Policy, Rule, RuleDecision } from 'spillway'
import { rulesAndTrials } from '../policy-file/rules.js'
import type { Counts, None } from './counts.js'
import { count, countsFrom } from './counts.js'

/** What came of the charges on one rule. */
export interface CountsOfRule {
  readonly name: string
  readonly mode: Rule['mode']
  readonly kinds: Counts
}

/** What came of the charges on each rule, trials apart. */
export interface RuleCounts {
  /** Counts on the rules of this policy too. One that is called as another before, and in the same mode, counts on. */
  follow(policy: Policy): void
  add(decisions: readonly RuleDecision[]): void
  /** Of all rules that were ever followed: who adds up what came of one must not see it begin at 0 again. */
  list(): readonly CountsOfRule[]
}

const NO_DECISIONS: None<Decision['kind']> = { allowed: 0, denied: 0, blocked: 0, impossible: 0, unknown: 0 }

/** Counts on the rules of no policy yet. */
export function ruleCounts(): RuleCounts {
  const byName = new Map<string, CountsOfRule>()
  const byRule = new WeakMap<Rule, Counts>()

  return {
    follow(policy) {
      for (const rule of rulesAndTrials(policy)) {
        const { name, mode } = rule
        const key = `${mode} ${name}`
        const counts = byName.get(key) ?? { name, mode, kinds: countsFrom(NO_DECISIONS) }
        byName.set(key, counts)
        byRule.set(rule, counts.kinds)
      }
    },
    add(decisions) {
      for (const { rule, decision } of decisions) {
        const kinds = byRule.get(rule)
        if (kinds !== undefined) count(kinds, decision.kind)
      }
    },
    list: () => [...byName.values()],
  }
}
