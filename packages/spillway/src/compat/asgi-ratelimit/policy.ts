import type { FailurePolicy, Zone } from '../../core/charge.js'
import { makeQuota } from '../../core/make-quota.js'
import type { Layer, PartitionPart, Rule } from '../../policy/policy.js'
import { quotaNames } from '../../policy/quota-names.js'
import type { ReadPattern, ReadRule, WindowName } from './config.js'
import { LENGTHS, WINDOWS } from './config.js'

/** Where a block reaches: every limited rule, or those that share the counts of the rule that was broken. */
export type BlockReach = (typeof BLOCK_REACHES)[number]

/** The words for `BlockReach`. */
export const BLOCK_REACHES = ['everywhere', 'zone'] as const

/** Whom a denial blocks, and where: what a store is told. */
export interface BlockTarget {
  readonly zone: Zone
  readonly partition: readonly PartitionPart[]
}

/** The rules as Spillway runs them. */
export interface CompiledConfig {
  readonly layers: readonly Layer[]
  /** Of the rules that block. */
  readonly blocks: ReadonlyMap<Rule, BlockTarget>
}

interface Numbered {
  readonly rule: ReadRule
  readonly matches: Rule['matches']
  readonly number: number
}

interface Setting {
  readonly reach: BlockReach
  readonly onStoreFailure: FailurePolicy
}

/** A name with a `*` cannot come from a policy: rules of a policy on the same store stay apart. */
const PREFIX = 'asgi-ratelimit*'

const USER: readonly PartitionPart[] = [{ by: 'user' }]
const USER_AND_PATH: readonly PartitionPart[] = [{ by: 'user' }, { by: 'path' }]

/**
 * One layer a window, as rules of one zone share a window only where both have it; the store takes all of them or none.
 * Where some rule blocks, a layer before them looks for blocks: counts are by path, and a block is not.
 */
export function compileConfig(patterns: readonly ReadPattern[], setting: Setting): CompiledConfig {
  const rules = patterns
    .flatMap(({ matches, rules: read }) => read.map((rule) => ({ rule, matches })))
    .map((each, index) => ({ ...each, number: index + 1 }))
  const blocks = new Map<Rule, BlockTarget>()
  const layers = WINDOWS.filter((window) => rules.some(({ rule }) => rule.limits[window] !== undefined)).map((window) =>
    windowLayer(window, rules, setting, blocks),
  )
  return blocks.size === 0 ? { layers, blocks } : { layers: [blockLayer(rules, setting), ...layers], blocks }
}

function windowLayer(
  window: WindowName,
  rules: readonly Numbered[],
  setting: Setting,
  blocks: Map<Rule, BlockTarget>,
): Layer {
  const zones = new Map<string, Zone>()
  const compiled = rules.map((each) => {
    const rule = windowRule(window, each, setting, zones)
    if (rule.block !== undefined) blocks.set(rule, blockTarget(each.rule, setting.reach))
    return rule
  })
  return { name: window, rules: compiled }
}

/** A rule without this window still answers for its requests, so that no later one does. */
function windowRule(window: WindowName, each: Numbered, setting: Setting, zones: Map<string, Zone>): Rule {
  const { rule } = each
  const limit = rule.limits[window]
  const bare = { ...bareRule(window, each, setting), partition: partitionOf(rule) }
  if (limit === undefined) return bare

  const quota = makeQuota({ limit, window: LENGTHS[window], algorithm: 'fixed-window' })
  const name = `${PREFIX}${poolOf(rule)}*${window}`
  const zone = zones.get(name) ?? { name, counters: [quota] }
  zones.set(name, zone)
  return {
    ...bare,
    quotas: [{ quota, counter: 0 }],
    quotaNames: quotaNames(bare.name, [quota]),
    zone,
    block: rule.blockFor === undefined ? undefined : { for: rule.blockFor, everywhere: false },
  }
}

function blockLayer(rules: readonly Numbered[], setting: Setting): Layer {
  const compiled = rules.map((each) => ({
    ...bareRule('block', each, setting),
    ...(isLimited(each.rule) && blockTarget(each.rule, setting.reach)),
  }))
  return { name: 'block', rules: compiled }
}

/** It limits nothing, and looks for no block. */
function bareRule(layer: string, { rule, matches, number }: Numbered, { onStoreFailure }: Setting): Rule {
  const name = `${layer}-${number}`
  return {
    name,
    place: rule.place.path,
    matches,
    ...(rule.method !== '*' && { methods: new Set([rule.method]) }),
    groups: new Set([rule.group]),
    quotas: [],
    quotaNames: [],
    zone: { name: `${PREFIX}unlimited`, counters: [] },
    partition: USER,
    cost: 1,
    block: undefined,
    mode: 'enforce',
    onStoreFailure,
  }
}

const EVERYWHERE: Zone = {
  name: `${PREFIX}block`,
  counters: [],
  everywhere: { name: `${PREFIX}blocked`, counters: [] },
}

/** A zone without counters that looks for blocks alone. */
function blockTarget(rule: ReadRule, reach: BlockReach): BlockTarget {
  if (reach === 'everywhere') return { zone: EVERYWHERE, partition: USER }
  const name = `${PREFIX}${poolOf(rule)}*block`
  return {
    zone: { name, counters: [], everywhere: { name: `${name}ed`, counters: [] } },
    partition: partitionOf(rule),
  }
}

/** Rules share counts where they have the same zone, or none, and the same method. */
function poolOf({ zone, method }: ReadRule): string {
  return zone === undefined ? `path*${method}` : `zone*${method}*${zone}`
}

function partitionOf({ zone }: ReadRule): readonly PartitionPart[] {
  return zone === undefined ? USER_AND_PATH : USER
}

/** A rule without any window is unlimited. */
export function isLimited({ limits }: ReadRule): boolean {
  return WINDOWS.some((window) => limits[window] !== undefined)
}
