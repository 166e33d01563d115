import type { Store } from './store.js'

const METHODS = ['decide', 'peek', 'refund', 'block', 'unblock', 'reset'] as const satisfies readonly (keyof Store)[]

/**
 * Throws a `TypeError` for what is no store: to whatever falls back on local counts it would look like one that never
 * answers, and the limits would be this process's alone.
 */
export function checkStore(of: string, store: unknown): asserts store is Store {
  if (METHODS.every((method) => typeof (store as Partial<Store> | undefined)?.[method] === 'function')) return
  throw new TypeError(`${of}: store: expected a store, such as memoryStore() or redisStore(fromIoredis(client))`)
}
