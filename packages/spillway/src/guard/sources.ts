import type { AddressReader } from '../identity/client-ip.js'
import { addressReader, clientIp, readerBehind } from '../identity/client-ip.js'
import { header } from '../identity/header.js'
import type { IdentitySource } from '../identity/identity.js'
import type { IdentityConfig } from '../policy/policy.js'

/**
 * The sources that a policy names. Throws a `TypeError` for a `jwt`: its library is an optional peer, and the main entry
 * must not lead to it, so the caller passes all sources.
 */
export function sourcesOf(configs: readonly IdentityConfig[]): readonly IdentitySource[] {
  return configs.map(sourceOf)
}

function sourceOf(config: IdentityConfig): IdentitySource {
  switch (config.source) {
    case 'ip':
      return clientIp(config.options)
    case 'header':
      return header(config.options)
    case 'jwt':
      throw new TypeError(
        "the policy identifies by jwt: pass `identity: identitySources(policy.identity)`, from 'spillway/identity'",
      )
  }
}

/** Reads addresses as the `clientIp` among the sources does; without one, the address of the connection. */
export function readerOf(sources: readonly IdentitySource[]): AddressReader {
  for (const source of sources) {
    const reader = readerBehind(source)
    if (reader !== undefined) return reader
  }
  return addressReader()
}
