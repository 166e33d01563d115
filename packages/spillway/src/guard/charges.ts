import type { Charge } from '../core/charge.js'
import type { Units } from '../core/units.js'
import type { AddressReader } from '../identity/address-reader.js'
import type { Identity, RequestDescription } from '../identity/identity.js'
import type { RuleLookup } from '../policy/lookup.js'
import type { PartitionContext } from '../policy/partition.js'
import { partitionName } from '../policy/partition.js'
import type { Policy, Rule } from '../policy/policy.js'

/** The charge that one request makes on a rule, with that rule. */
export interface RuleCharge extends Charge {
  readonly rule: Rule
}

/** What is read of a request once its path and identity are known. */
export interface Asking extends PartitionContext {
  readonly request: RequestDescription
  /** A CORS preflight: only rules that name `OPTIONS` are for it. */
  readonly preflight: boolean
}

/** Describes a request to the rules. Its address is read only where some rule of the policy counts by it. */
export function asking(
  request: RequestDescription,
  path: string,
  identity: Identity,
  readAddress: AddressReader | undefined,
): Asking {
  const place = readAddress?.(request)
  return {
    request,
    identity,
    path,
    address: place?.address,
    network: place?.network,
    preflight: request.method === 'OPTIONS' && request.header('access-control-request-method') !== undefined,
  }
}

/** Whether some rule counts by the client's address, so that it must be read whoever asks. */
export function countsByAddress({ layers }: Policy): boolean {
  return layers.some(({ rules }) =>
    rules.some(({ partition }) => partition.some(({ by }) => by === 'ip' || by === 'network')),
  )
}

/**
 * For each layer the charge on the first rule that matches, if it counts: `chargesOn` of `rulesOf`, in one loop, as it is
 * on the way of nearly every request.
 */
export function chargesOf(lookups: readonly RuleLookup[], asked: Asking): readonly RuleCharge[] {
  const charges: RuleCharge[] = []
  for (const lookup of lookups) {
    const rule = firstIn(lookup, asked)
    if (rule !== undefined && counts(rule)) charges.push(chargeOn(rule, asked))
  }
  return charges
}

/** For each layer the first rule that matches, whether it counts or not. */
export function rulesOf(lookups: readonly RuleLookup[], asked: Asking): readonly Rule[] {
  return lookups.flatMap((lookup) => firstIn(lookup, asked) ?? [])
}

function firstIn(lookup: RuleLookup, asked: Asking): Rule | undefined {
  const { path, request, identity, preflight } = asked
  return lookup.find(path, request.method, identity.group, preflight, asked)
}

/** The charges on those of the rules that count. */
export function chargesOn(rules: readonly Rule[], asked: Asking): readonly RuleCharge[] {
  return rules.filter(counts).map((rule) => chargeOn(rule, asked))
}

/** The rules that match and are in shadow for the request, of all layers. */
export function shadowRulesOf(lookups: readonly RuleLookup[], asked: Asking): readonly Rule[] {
  const { path, request, identity, preflight } = asked
  return lookups.flatMap((lookup) => lookup.shadows(path, request.method, identity.group, preflight, asked))
}

/** An unlimited rule makes no charge, unless a block that holds everywhere must be looked for. */
function counts({ quotas, zone }: Rule): boolean {
  return quotas.length > 0 || zone.everywhere !== undefined
}

/** The charge on a rule, of so many units as it takes unless said otherwise. */
export function chargeOn(rule: Rule, asked: Asking, cost: Units = rule.cost): RuleCharge {
  const { zone, quotas, block, onStoreFailure, lease } = rule
  const partition = partitionName(rule.partition, asked)
  return lease === undefined
    ? { rule, zone, partition, quotas, cost, block, onStoreFailure }
    : { rule, zone, partition, quotas, cost, block, onStoreFailure, lease }
}
