import type { IdentityConfig } from 'spillway'
import type { IdentitySource } from 'spillway/identity'
import { clientIp, header, jwt } from 'spillway/identity'

/** The identity sources that a policy names, in its order. Throws as each source does. */
export function identitySources(configs: readonly IdentityConfig[]): readonly IdentitySource[] {
  return configs.map(identitySource)
}

function identitySource(config: IdentityConfig): IdentitySource {
  switch (config.source) {
    case 'ip':
      return clientIp(config.options)
    case 'header':
      return header(config.options)
    case 'jwt':
      return jwt(config.options)
  }
}
