import type { PartitionPart, Policy } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/** A partition whose name the client writes itself: it can have a fresh budget with every request. */
export function freePartition(policy: Policy): readonly Warning[] {
  // Of a header with known keys the others identify nobody, but name a partition all the same.
  const verified = new Set(
    policy.identity.flatMap(({ source, options }) => (source === 'header' && options.verified ? [options.name] : [])),
  )
  return rulesOf(policy).flatMap((rule) => {
    if (rule.quotas.length === 0) return []
    const message = freedom(rule.partition, verified)
    return message === undefined ? [] : [warnOf(rule, 'partition', message)]
  })
}

function freedom(partition: readonly PartitionPart[], verified: ReadonlySet<string>): string | undefined {
  const header = partition.find((part) => part.by === 'header' && !verified.has(part.name))
  if (header?.by === 'header') {
    return `a client can send any ${header.name} and have a fresh budget each time: partition by user, ip or a claim`
  }
  if (partition.some(({ by }) => by !== 'path' && by !== 'method')) return undefined
  return 'everybody shares one pool for each path or method, and a client can ask for new ones: add user to the list'
}
