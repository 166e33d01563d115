import type { Rule } from './policy.js'

/**
 * A rule, followed by its trials: what it is for the partitions that its roll-out has not reached (`mode` is `shadow`),
 * then its candidate. They have its name.
 */
export function withTrials(rule: Rule): readonly Rule[] {
  const { rollOut, candidate } = rule
  return [rule, ...(rollOut ? [rollOut.shadow] : []), ...(candidate ? [candidate] : [])]
}
