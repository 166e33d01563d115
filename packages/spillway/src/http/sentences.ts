import type { Denied, Impossible, QuotaStanding } from '../core/decision.js'
import { formatDuration } from '../core/duration.js'
import type { Quota } from '../core/quota.js'
import { SECOND } from '../core/units.js'
import type { PartitionPart, Rule } from '../policy/policy.js'
import type { RuleDecision } from '../verdict.js'

/** Says to the client why a rule refused: `10 requests per minute for this client.` Empty where it did not. */
export function refusalSentence({ rule, decision }: RuleDecision): string {
  switch (decision.kind) {
    case 'denied':
      return `${quotasOf(rule, violated(decision))} for ${whose(rule.partition)}.`
    case 'blocked':
      return `Requests are blocked for a while for ${whose(rule.partition)}.`
    case 'impossible': {
      const limits = quotasOf(rule, violated(decision))
      return `This request costs ${counted(rule.cost, 'unit')}, above the limit of ${limits} for ${whose(rule.partition)}: it will never pass.`
    }
    case 'allowed':
    case 'unknown':
      return ''
  }
}

/** `Try again in 1 second.` */
export function tryAgain(seconds: number): string {
  return `Try again in ${formatDuration(seconds * SECOND)}.`
}

/** The names of the quotas that refused; of all the rule's quotas where it is blocked. */
export function violatedNames({ rule, decision }: RuleDecision): readonly string[] {
  switch (decision.kind) {
    case 'denied':
    case 'impossible':
      return rule.quotaNames.filter((_, i) => stoodInTheWay(decision.kind, decision.quotas[i]))
    case 'blocked':
      return rule.quotaNames
    case 'allowed':
    case 'unknown':
      return []
  }
}

function violated({ kind, quotas }: Denied | Impossible): readonly QuotaStanding[] {
  return quotas.filter((standing) => stoodInTheWay(kind, standing))
}

/** A denial names the quotas with a wait, an impossible charge those that it will never fit. */
function stoodInTheWay(kind: 'denied' | 'impossible', standing: QuotaStanding | undefined): boolean {
  if (standing === undefined) return false
  return kind === 'impossible' ? standing.retryAfter === Number.POSITIVE_INFINITY : standing.retryAfter > 0
}

function quotasOf(rule: Rule, standings: readonly QuotaStanding[]): string {
  const unit = rule.cost === 1 ? 'request' : 'unit'
  const spelled = standings.map(({ quota }) => `${counted(quota.limit, unit)} per ${windowOf(quota)}${burstOf(quota)}`)
  const last = spelled.pop() ?? ''
  return spelled.length === 0 ? last : `${spelled.join(', ')} and ${last}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `second` for one second, else `15 minutes`. */
function windowOf(quota: Quota): string {
  return 'window' in quota ? formatDuration(quota.window).replace(/^1 /, '') : quota.every
}

function burstOf(quota: Quota): string {
  return quota.algorithm === 'token-bucket' && quota.burst !== quota.limit ? ` (at most ${quota.burst} at once)` : ''
}

/** Who shares the partition, as the client would say it. */
function whose(partition: readonly PartitionPart[]): string {
  const kinds = new Set(partition.map(({ by }) => by))
  if (kinds.has('user') || kinds.has('ip') || kinds.has('header') || kinds.has('claim')) return 'this client'
  if (kinds.has('network')) return 'this network'
  if (kinds.has('group')) return 'this group'
  return kinds.has('path') || kinds.has('method') ? 'all requests of this kind' : 'all clients together'
}
