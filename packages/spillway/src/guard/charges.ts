import type { Charge } from '../core/charge.js'
import type { AddressReader } from '../identity/client-ip.js'
import type { Identity, RequestDescription } from '../identity/identity.js'
import type { RuleLookup } from '../policy/lookup.js'
import type { PartitionContext } from '../policy/partition.js'
import { partitionName } from '../policy/partition.js'
import type { Policy, Rule } from '../policy/policy.js'

/** Rules with the charges that one request makes on them, place by place. */
export interface Claims {
  readonly rules: readonly Rule[]
  readonly charges: readonly Charge[]
}

const NO_CLAIMS: Claims = { rules: [], charges: [] }

/** What is read of a request once its path and identity are known. */
export interface Asking {
  readonly context: PartitionContext
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
  const { method } = request
  const place = readAddress?.(request)
  return {
    context: {
      identity,
      address: place?.address,
      network: place?.network,
      path,
      method,
      header: (name) => request.header(name),
    },
    preflight: method === 'OPTIONS' && request.header('access-control-request-method') !== undefined,
  }
}

/** Whether some rule counts by the client's address, so that it must be read whoever asks. */
export function countsByAddress({ layers }: Policy): boolean {
  return layers.some(({ rules }) =>
    rules.some(({ partition }) => partition.some(({ by }) => by === 'ip' || by === 'network')),
  )
}

/** For each layer the first rule that matches, if it counts. */
export function claimsOf(lookups: readonly RuleLookup[], { context, preflight }: Asking): Claims {
  const rules: Rule[] = []
  const charges: Charge[] = []
  for (const lookup of lookups) {
    const rule = lookup.find(context.path, context.method, context.identity.group, preflight)
    if (rule === undefined || !counts(rule)) continue
    rules.push(rule)
    charges.push(chargeOn(rule, context))
  }
  return { rules, charges }
}

/** The shadow rules that match, of all layers. */
export function shadowClaimsOf(lookups: readonly RuleLookup[], { context, preflight }: Asking): Claims {
  const rules = lookups
    .flatMap((lookup) => lookup.shadows(context.path, context.method, context.identity.group, preflight))
    .filter(counts)
  return rules.length === 0 ? NO_CLAIMS : { rules, charges: rules.map((rule) => chargeOn(rule, context)) }
}

/** An unlimited rule makes no charge, unless a block that holds everywhere must be looked for. */
function counts({ quotas, zone }: Rule): boolean {
  return quotas.length > 0 || zone.everywhere !== undefined
}

function chargeOn({ zone, partition, quotas, cost, block, onStoreFailure }: Rule, context: PartitionContext): Charge {
  return { zone, partition: partitionName(partition, context), quotas, cost, block, onStoreFailure }
}
