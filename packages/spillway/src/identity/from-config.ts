import type { IdentityConfig } from '../policy/policy.js'
import { clientIp } from './client-ip.js'
import { header } from './header.js'
import type { IdentitySource } from './identity.js'
import { jwt } from './jwt.js'

/** The sources of a policy's `identity`, in its order. Throws as each source does. */
export function identitySources(configs: readonly IdentityConfig[]): IdentitySource[] {
  return configs.map(identitySource)
}

function identitySource(config: IdentityConfig): IdentitySource {
  switch (config.source) {
    case 'jwt':
      return jwt(config.options)
    case 'header':
      return header(config.options)
    case 'ip':
      return clientIp(config.options)
  }
}
