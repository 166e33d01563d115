import type { Policy, Rule } from 'spillway'
import type { Warning } from './warning.js'
import { warnEach } from './warning.js'

/** A partition whose name the client writes itself: it can have a fresh budget with every request. */
export function freePartition(policy: Policy): readonly Warning[] {
  // Of a header with known keys the others identify nobody, but name a partition all the same.
  const verified = new Set(
    policy.identity.flatMap(({ source, options }) => (source === 'header' && options.verified ? [options.name] : [])),
  )
  return warnEach(policy, 'partition', (rule) => freedom(rule, verified))
}

function freedom({ partition, quotas }: Rule, verified: ReadonlySet<string>): string | undefined {
  if (quotas.length === 0) return undefined
  const headers = partition.filter((part) => part.by === 'header')
  const header = headers.find(({ name }) => !verified.has(name))
  if (header !== undefined) {
    return `a client can send any ${header.name} and have a fresh budget each time: partition by user, ip or a claim`
  }
  if (partition.some(({ by }) => by !== 'path' && by !== 'method')) return undefined
  return 'everybody shares one pool for each path or method, and a client can ask for new ones: add user to the list'
}
