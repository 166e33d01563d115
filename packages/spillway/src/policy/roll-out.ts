import type { RollOut, Rule } from './policy.js'

/** A rule that is enforced for a share of the partitions. */
export type RuleInRollOut = Rule & { readonly rollOut: RollOut }

/** Whether a rule is in a staged roll-out. */
export function isInRollOut(rule: Rule): rule is RuleInRollOut {
  return rule.rollOut !== undefined
}

/**
 * Whether a rule in roll-out is enforced for a partition. The same in every process, and for good: a partition that is
 * among 10 % is also among 20 %. Who they are differs from zone to zone, so that it is not always the same users.
 */
export function enforcedFor({ zone, rollOut }: RuleInRollOut, partition: string): boolean {
  return fractionOf(`${zone.name} ${partition}`) < rollOut.share
}

/**
 * A number from 0 to below 1 that a text alone decides: FNV-1a over its UTF-16 units, with the finish of MurmurHash3,
 * which spreads the last ones.
 */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000
}
