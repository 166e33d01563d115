import type { Logger } from 'pino'
import type { Clock, Policy } from 'spillway'
import { denials } from './denials.js'
import { gatewayLog } from './gateway-log.js'
import { policyInForce } from './policy-in-force.js'
import type { ProxyParts } from './proxy.js'
import type { OpenStore, StoreFigures } from './store/opened-store.js'
import { tally } from './tally.js'

/** What a gateway is made of before it listens anywhere. */
export interface GatewayParts extends ProxyParts {
  readonly log: Logger
  readonly figures: StoreFigures
  readonly clock: Clock
  /** Whether new requests are still welcome. */
  stopping: boolean
}

/** Puts the parts together. Throws as `startGateway` rejects. */
export function gatewayParts(
  policy: Policy,
  { store, figures }: OpenStore,
  { clock, log, baseDirectory }: { clock: Clock; log: Logger; baseDirectory: string },
): GatewayParts {
  return {
    inForce: policyInForce(policy, store, baseDirectory),
    denials: denials(),
    tally: tally(policy, clock),
    lines: gatewayLog(log, clock),
    log,
    figures,
    clock,
    stopping: false,
  }
}
