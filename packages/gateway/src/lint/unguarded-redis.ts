import type { Policy, RedisServers, ServerAddress } from 'spillway'
import { isLoopback } from './loopback.js'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'

/** A store on another host that is spoken to without TLS and without a password: whoever reaches it changes the counts. */
export function unguardedRedis({ gateway: { store } }: Policy): readonly Warning[] {
  if (store === 'memory') return []
  const { servers, tls, password } = store.redis
  const elsewhere = addressesOf(servers).some(({ host }) => !isLoopback(host))
  if (!elsewhere || tls !== undefined || password !== undefined) return []
  return [
    warnAt(
      ['store'],
      'is on another host, without TLS and without a password: whoever reaches it can read and change all counts. Write rediss://, or a password',
    ),
  ]
}

function addressesOf(servers: RedisServers): readonly ServerAddress[] {
  return servers.kind === 'single' ? [servers.address] : servers.nodes
}
