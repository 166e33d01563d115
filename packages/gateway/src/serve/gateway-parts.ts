import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Clock, DeniedContent, Policy } from 'spillway'
import { explainedGuard } from 'spillway/explain'
import type { Admission } from './admission.js'
import { denials } from './denials.js'
import { gatewayLog } from './gateway-log.js'
import { identifyingHeaders } from './identifying-headers.js'
import type { OpenStore, StoreFigures } from './store/opened-store.js'
import { tally } from './tally.js'
import { trustedPeers } from './trusted-peers.js'

/** What a gateway is made of before it listens anywhere. */
export interface GatewayParts extends Admission {
  readonly trusts: (address: string) => boolean
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
  const deniedContent = deniedContentOf(policy, baseDirectory)

  return {
    ...explainedGuard(policy, { store, ...(deniedContent && { deniedContent }) }),
    denials: denials(),
    tellsId: policy.denied.requestId ?? false,
    identifying: identifyingHeaders(policy),
    trusts: trustedPeers(policy),
    tally: tally(policy, clock),
    lines: gatewayLog(log, clock),
    log,
    figures,
    clock,
    stopping: false,
  }
}

function deniedContentOf({ denied: { body } }: Policy, baseDirectory: string): DeniedContent | undefined {
  if (typeof body === 'string') return undefined
  return { content: readFileSync(resolve(baseDirectory, body.file), 'utf8'), contentType: body.contentType }
}
