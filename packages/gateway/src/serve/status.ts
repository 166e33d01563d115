import type { Policy, Quota, Rule } from 'spillway'
import { formatDuration } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import type { GatewayParts } from './gateway-parts.js'
import type { StoreFigures } from './store/opened-store.js'

/** The documents under `/api/v1/`: no secret of the policy is in any of them. */
export function statusDocuments(parts: GatewayParts, version: string): ReadonlyMap<string, () => unknown> {
  const startedAt = performance.now()

  const status = () => ({
    version,
    uptimeSeconds: Math.floor((performance.now() - startedAt) / 1000),
    policy: describePolicy(parts),
    store: describeStore(parts.figures),
  })
  return new Map<string, () => unknown>([
    ['status', status],
    ['rules', () => ({ rules: describeRules(parts.inForce.policy) })],
  ])
}

function describePolicy({ inForce: { policy, since }, lastReload }: GatewayParts): object {
  return {
    loadedAt: new Date(since).toISOString(),
    ...(lastReload && { lastReload }),
    layers: policy.layers.length,
    rules: rulesOf(policy).length,
    identity: policy.identity.map((entry) => entry.source),
    anonymous: policy.anonymous,
    onStoreFailure: policy.onStoreFailure,
  }
}

function describeRules({ layers }: Policy): object[] {
  return layers.flatMap((layer) => layer.rules.map((rule) => describeRule(layer.name, rule)))
}

function describeStore(figures: StoreFigures): object {
  switch (figures.kind) {
    case 'memory':
    case 'redis':
      return { kind: figures.kind, ...figures.stats() }
    case 'other':
      return { kind: 'other' }
  }
}

function describeRule(layer: string, rule: Rule): object {
  return {
    layer,
    name: rule.name,
    place: rule.place,
    path: rule.matches.source,
    syntax: rule.matches.syntax,
    methods: rule.methods === undefined ? undefined : [...rule.methods],
    groups: rule.groups === undefined ? undefined : [...rule.groups],
    quotas: describeQuotas(rule),
    zone: rule.zone.name,
    partition: rule.partition.map((part) => ('name' in part ? `${part.by}:${part.name}` : part.by)),
    cost: rule.cost,
    block: rule.block && { for: formatDuration(rule.block.for), everywhere: rule.block.everywhere },
    mode: rule.mode,
    rolledOutTo: rule.rollOut?.share,
    candidate: rule.candidate && { quotas: describeQuotas(rule.candidate), zone: rule.candidate.zone.name },
    onStoreFailure: rule.onStoreFailure,
  }
}

function describeQuotas({ quotas, quotaNames }: Rule): readonly object[] {
  return quotas.map(({ quota }, i) => ({ name: quotaNames[i], ...describeQuota(quota) }))
}

function describeQuota(quota: Quota): object {
  return 'window' in quota ? { ...quota, window: formatDuration(quota.window) } : quota
}
