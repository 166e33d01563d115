import type { Policy, Rule } from 'spillway'
import { knownGroups } from './groups.js'
import type { Warning } from './warning.js'
import { warnEach } from './warning.js'

/** A partition by what no source of a gateway tells. A library's policy may have its sources in code. */
export function idlePartition(policy: Policy): readonly Warning[] {
  const { identity, gateway } = policy
  if (gateway.upstream === undefined) return []
  const tokens = identity.some(({ source }) => source === 'jwt')
  const { names, open } = knownGroups(policy)
  const oneGroup = !open && names.size < 2
  return warnEach(policy, 'partition', (rule) => idleness(rule, tokens, oneGroup))
}

function idleness({ partition, quotas }: Rule, tokens: boolean, oneGroup: boolean): string | undefined {
  if (quotas.length === 0) return undefined
  const claim = partition.find((part) => part.by === 'claim')
  if (claim !== undefined && !tokens) {
    return `there is no claim ${claim.name}, as no \`jwt\` stands under \`identity\`: the user counts in its place`
  }
  if (!oneGroup || partition.length !== 1 || partition[0]?.by !== 'group') return undefined
  return 'everybody is in one group, so that all share one pool: name groups under `identity`, or say `partition: everyone`'
}
