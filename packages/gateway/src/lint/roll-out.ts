import type { Policy, Rule } from 'spillway'
import type { Warning } from './warning.js'
import { warnEach } from './warning.js'

/** A roll-out that is over, and one that cannot be had in parts. */
export function rollOut(policy: Policy): readonly Warning[] {
  return warnEach(policy, 'enforce', wholeness)
}

function wholeness({ name, partition, rollOut }: Rule): string | undefined {
  if (rollOut === undefined) return undefined
  if (rollOut.share === 1) return `${name} is enforced for everybody: leave \`enforce\` out`
  if (partition.some(({ by }) => by !== 'everyone')) return undefined
  return `\`partition: everyone\` is one partition: ${name} is enforced for all or for none, as its hash has it`
}
