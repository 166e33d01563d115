import type { Logger } from 'pino'
import type { Clock, Policy } from 'spillway'
import { denials } from './denials.js'
import { gatewayLog } from './gateway-log.js'
import type { PolicyInForce } from './policy-in-force.js'
import { policyInForce } from './policy-in-force.js'
import type { ProxyParts } from './proxy.js'
import type { OpenStore, StoreFigures } from './store/opened-store.js'
import { tally } from './tally.js'

/** What a gateway is made of before it listens anywhere. */
export interface GatewayParts extends ProxyParts {
  readonly log: Logger
  readonly figures: StoreFigures
  readonly clock: Clock
  /** Makes what a policy needs to be enforced here. */
  readonly prepare: (policy: Policy) => PolicyInForce
  /** What came of the last attempt to put another policy in force; absent until there is one. */
  lastReload: 'done' | 'refused' | undefined
  /** Whether new requests are still welcome. */
  stopping: boolean
}

/** Puts the parts together. Throws as `startGateway` rejects. */
export function gatewayParts(
  policy: Policy,
  { store, figures }: OpenStore,
  { clock, log, baseDirectory }: { clock: Clock; log: Logger; baseDirectory: string },
): GatewayParts {
  const prepare = (each: Policy) => policyInForce(each, store, baseDirectory)
  return {
    inForce: prepare(policy),
    prepare,
    lastReload: undefined,
    denials: denials(),
    tally: tally(policy, clock),
    lines: gatewayLog(log, clock),
    log,
    figures,
    clock,
    stopping: false,
  }
}
