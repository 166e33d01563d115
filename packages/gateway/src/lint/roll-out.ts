import type { Policy } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/** A roll-out that is over, and one that cannot be had in parts. */
export function rollOut(policy: Policy): readonly Warning[] {
  return rulesOf(policy).flatMap((rule) => {
    const share = rule.rollOut?.share
    if (share === undefined) return []
    if (share === 1) return [warnOf(rule, 'enforce', `${rule.name} is enforced for everybody: leave \`enforce\` out`)]
    if (rule.partition.some(({ by }) => by !== 'everyone')) return []
    const message = `\`partition: everyone\` is one partition: ${rule.name} is enforced for all or for none, as its hash has it`
    return [warnOf(rule, 'enforce', message)]
  })
}
