import type { Policy, Rule } from 'spillway'
import { withTrials } from 'spillway'

/** Every rule of every layer, in the order of the file. */
export function rulesOf({ layers }: Policy): readonly Rule[] {
  return layers.flatMap(({ rules }) => rules)
}

/** The same, each followed by its trials. */
export function rulesAndTrials(policy: Policy): readonly Rule[] {
  return rulesOf(policy).flatMap(withTrials)
}
