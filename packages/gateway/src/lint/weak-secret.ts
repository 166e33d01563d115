import type { IdentityConfig, Policy } from 'spillway'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'

const HASH_BYTES: ReadonlyMap<string, number> = new Map([
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
])

/** However few tries the admin listener grants, a shorter token is a word that somebody may think of. */
const SHORTEST_TOKEN = 16

/**
 * A JWT secret that is shorter than the hash that it keys (RFC 7518, 3.2), and a short token of the admin listener: they can
 * be found by trying.
 */
export function weakSecret({ identity, gateway: { admin } }: Policy): readonly Warning[] {
  const secrets = identity.flatMap((config, index) => weakKey(config, index))
  if (admin?.token === undefined || admin.token.length >= SHORTEST_TOKEN) return secrets
  const message = `is shorter than ${SHORTEST_TOKEN} characters, so that it can be guessed: take 32 random bytes, such as from \`openssl rand -hex 32\``
  return [...secrets, warnAt(['admin', 'token'], message)]
}

function weakKey(config: IdentityConfig, index: number): readonly Warning[] {
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
}
