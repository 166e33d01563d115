import type { Policy } from 'spillway'
import { createLimiter, memoryStore } from 'spillway'
import manifest from '../../package.json' with { type: 'json' }
import { createAdmin } from './admin.js'
import type { GatewayParts } from './gateway-parts.js'
import { listenAddress } from './listen-address.js'
import type { Listener } from './listener.js'
import { listen } from './listener.js'
import { createMetrics } from './metrics.js'
import { statusDocuments } from './status.js'

/** Wrong tokens that one address may try. */
const ATTEMPTS = '10/minute'

/** Starts the admin listener, if the policy has one. How to close it is put on `closing`. */
export async function listenAdmin(
  policy: Policy,
  parts: GatewayParts,
  closing: (() => Promise<void>)[],
): Promise<Listener | undefined> {
  const { admin } = policy.gateway
  if (admin === undefined) return undefined

  const metrics = createMetrics(parts, manifest.version)
  const handlers = createAdmin({
    token: admin.token,
    attempts: createLimiter({ quotas: ATTEMPTS, store: memoryStore({ clock: parts.clock }) }),
    ready: () => !parts.stopping,
    scrape: async () => ({ contentType: metrics.contentType, text: await metrics.scrape() }),
    documents: new Map([
      ...statusDocuments(parts, manifest.version),
      ['denials', () => ({ denials: parts.denials.list() })],
    ]),
    denials: parts.denials,
  })
  const listener = await listen(listenAddress(admin.listen), undefined, handlers)
  closing.push(() => listener.stop(0))
  return listener
}
