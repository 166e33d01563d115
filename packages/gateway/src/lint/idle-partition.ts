import type { Policy, Rule } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import { knownGroups } from './groups.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/** A partition by what no source of a gateway tells. A library's policy may have its sources in code. */
export function idlePartition(policy: Policy): readonly Warning[] {
  const { identity, gateway } = policy
  if (gateway.upstream === undefined) return []
  const tokens = identity.some(({ source }) => source === 'jwt')
  const { names, open } = knownGroups(policy)
  const oneGroup = !open && names.size < 2
  return rulesOf(policy).flatMap((rule) => {
    if (rule.quotas.length === 0) return []
    const message = idleness(rule, tokens, oneGroup)
    return message === undefined ? [] : [warnOf(rule, 'partition', message)]
  })
}

function idleness({ partition }: Rule, tokens: boolean, oneGroup: boolean): string | undefined {
  const claim = partition.find(({ by }) => by === 'claim')
  if (claim?.by === 'claim' && !tokens) {
    return `there is no claim ${claim.name}, as no \`jwt\` stands under \`identity\`: the user counts in its place`
  }
  if (!oneGroup || partition.length !== 1 || partition[0]?.by !== 'group') return undefined
  return 'everybody is in one group, so that all share one pool: name groups under `identity`, or say `partition: everyone`'
}
