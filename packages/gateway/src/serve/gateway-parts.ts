import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Clock, DeniedContent, MemoryStats, MemoryStore, Policy, Store } from 'spillway'
import { createGuard, memoryStore } from 'spillway'
import type { Admission } from './admission.js'
import { gatewayLog } from './gateway-log.js'
import type { IdentifyingHeaders } from './identifying-headers.js'
import { identifyingHeaders } from './identifying-headers.js'
import { tally } from './tally.js'
import { trustedPeers } from './trusted-peers.js'

/** What a gateway is made of before it listens anywhere. */
export interface GatewayParts extends Admission {
  readonly identifying: IdentifyingHeaders
  readonly trusts: (address: string) => boolean
  readonly log: Logger
  /** What the store holds; absent where it does not tell. */
  readonly storeStats: (() => MemoryStats) | undefined
  readonly clock: Clock
  /** Whether new requests are still welcome. */
  stopping: boolean
}

/** Puts the parts together. Throws as `startGateway` rejects. */
export function gatewayParts(
  policy: Policy,
  options: { clock?: Clock; store?: Store; log: Logger; baseDirectory?: string },
): GatewayParts {
  const clock = options.clock ?? { now: () => Math.floor(performance.now() * 1000) }
  const store = options.store ?? ownStore(policy, options.clock, options.log)
  const deniedContent = deniedContentOf(policy, options.baseDirectory ?? '.')

  return {
    guard: createGuard(policy, { store, ...(deniedContent && { deniedContent }) }),
    identifying: identifyingHeaders(policy),
    trusts: trustedPeers(policy),
    tally: tally(policy),
    lines: gatewayLog(options.log, clock),
    log: options.log,
    storeStats: 'stats' in store ? (store as MemoryStore).stats : undefined,
    clock,
    stopping: false,
  }
}

function ownStore(policy: Policy, clock: Clock | undefined, log: Logger): MemoryStore {
  if (policy.gateway.store !== 'memory') {
    throw new RangeError('`store`: this version keeps counts in memory only; write `store: memory`, or leave it out')
  }
  return memoryStore({
    ...(clock && { clock }),
    onFull: (stats) => log.warn(stats, 'the store is full: newcomers share overflow partitions'),
  })
}

function deniedContentOf({ denied: { body } }: Policy, baseDirectory: string): DeniedContent | undefined {
  if (typeof body === 'string') return undefined
  return { content: readFileSync(resolve(baseDirectory, body.file), 'utf8'), contentType: body.contentType }
}
