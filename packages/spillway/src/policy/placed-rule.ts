import type { RuleDescription } from './description-rule.js'
import type { Rule } from './policy.js'

/** A rule with everything that stands outside of it in the file: its name and the defaults of its layer and of the policy. */
export type PlacedRule = RuleDescription &
  Required<Pick<RuleDescription, 'name' | 'partition' | 'onStoreFailure'>> & {
    readonly matches: Rule['matches']
  }
