import type { MemoryStore, Policy, Store } from 'spillway'
import { memoryStore } from 'spillway'
import type { OpenStore, StoreSurroundings } from './opened-store.js'

/** Opens the store that the policy names, and waits for no server. Rejects where a file of its `tls` cannot be used. */
export async function openStore(policy: Policy, surroundings: StoreSurroundings): Promise<OpenStore> {
  const { store } = policy.gateway
  if (store === 'memory') return openMemory(surroundings)
  // Only who needs a client of Redis loads one.
  const { openRedis } = await import('./open-redis.js')
  return openRedis(store.redis, surroundings)
}

/** A store that somebody else has opened, and closes. */
export function givenStore(store: Store): OpenStore {
  const [ready, close] = [async () => undefined, async () => undefined]
  if (!isTelling(store)) return { store, figures: { kind: 'other' }, ready, close }
  return { store, figures: { kind: 'memory', stats: store.stats }, ready, close }
}

function isTelling(store: Store): store is MemoryStore {
  return 'stats' in store && 'partitions' in (store as MemoryStore).stats()
}

function openMemory({ clock, log }: StoreSurroundings): OpenStore {
  const store = memoryStore({
    ...(clock && { clock }),
    onFull: (stats) => log.warn(stats, 'the store is full: newcomers share overflow partitions'),
  })
  return {
    store,
    figures: { kind: 'memory', stats: store.stats },
    ready: async () => undefined,
    close: async () => undefined,
  }
}
