import { dirname, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import type { Policy, Store } from 'spillway'
import { memoryStore } from 'spillway'
import { openRedis } from '../serve/store/open-redis.js'
import { tlsWatch } from '../serve/tls-watch.js'

/** A store that a request is explained by. */
export interface StoreToLook {
  readonly store: Store
  /** The codes of what went wrong so far; empty where the store has answered. */
  faults(): readonly string[]
  close(): Promise<void>
}

/** Milliseconds that a connection may take. */
const PATIENCE = 2_000

/** Microseconds that the server has to answer. */
const TIMEOUT = 2_000_000

/** A store in which nobody has asked before. */
export function freshStore(): StoreToLook {
  return { store: memoryStore(), faults: () => [], close: async () => undefined }
}

/**
 * The Redis of a policy, to be looked at: its gateways hear nothing of it. Resolves once it is connected, or will not
 * be. Absent where the policy counts in memory. Throws where a file of its `tls` cannot be used; relative names start
 * from the folder of `file`.
 */
export async function storeToLook(policy: Policy, file: string): Promise<StoreToLook | undefined> {
  const { store: config } = policy.gateway
  if (config === 'memory') return undefined
  const log = pino({ level: 'silent' })
  const tls = tlsWatch(dirname(resolve(file)), log)
  const { store, figures, ready, close } = openRedis(
    { ...config.redis, timeout: TIMEOUT, replicas: 1 },
    { clock: undefined, logClock: { now: () => 0 }, log, tls, heartbeat: false },
  )
  await Promise.race([ready(), delay(PATIENCE, undefined, { ref: false })])
  return {
    store,
    faults: () => (figures.kind === 'redis' ? Object.keys(figures.stats().failures) : []),
    close: async () => {
      await close()
      tls.close()
    },
  }
}
