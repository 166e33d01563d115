import type { Guard } from '../guard.js'
import { createGuard } from '../guard.js'
import type { IdentitySource } from '../identity/identity.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'
import { onlyUnnamed } from '../store/unnamed.js'

/** What a limit on one route, given as quotas, is run with. A guard has all this itself. */
export interface RouteLimitOptions {
  /** Its zone in the store, and its name in header fields. Required where a store has several limits. */
  readonly name?: string
  /** Where the counts are. Default: a memory store of its own. */
  readonly store?: Store
  /** Who asks. Default: the address of the connection. */
  readonly identity?: readonly IdentitySource[]
}

/**
 * The guard that an adapter was given, or one that holds every request to the quotas that it was given instead. Throws a
 * `TypeError` where options of a route stand beside a guard, for a second limit without a name on one store, and as
 * `createGuard` does.
 */
export function guardFrom(limit: Guard | string | readonly string[], options: RouteLimitOptions): Guard {
  const { name, store, identity = [] } = options
  if (typeof limit === 'object' && 'decide' in limit) {
    if (name === undefined && store === undefined && options.identity === undefined) return limit
    throw new TypeError('name, store and identity are for a limit given as quotas: a guard has its own')
  }
  const counts = store ?? memoryStore()
  const zone = name ?? onlyUnnamed(counts, 'route')
  return createGuard({ rules: [{ name: zone, path: '/**', quotas: limit }], store: counts, identity })
}
