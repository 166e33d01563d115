import type { Policy } from 'spillway'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'

const HASH_BYTES: ReadonlyMap<string, number> = new Map([
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
])

/** A JWT secret that is shorter than the hash that it keys (RFC 7518, 3.2): it can be found by trying. */
export function weakSecret({ identity }: Policy): readonly Warning[] {
  return identity.flatMap((config, index) => {
    if (config.source !== 'jwt' || config.options.secret === undefined) return []
    const needed = Math.max(32, ...config.options.algorithms.map((algorithm) => HASH_BYTES.get(algorithm) ?? 0))
    const bytes = new TextEncoder().encode(config.options.secret).length
    if (bytes >= needed) return []
    const mend = `take ${needed} random bytes, such as from \`openssl rand -base64 ${needed}\``
    return [
      warnAt(
        ['identity', index, 'jwt', 'secret'],
        `is shorter than ${needed} bytes, so that tokens can be forged: ${mend}`,
      ),
    ]
  })
}
