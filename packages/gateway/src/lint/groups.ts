import type { IdentityConfig, Policy } from 'spillway'

/** The groups that a policy's identity sources can set. */
export interface KnownGroups {
  readonly names: ReadonlySet<string>
  /** Whether a token's claim sets the group too: then it may have any name. */
  readonly open: boolean
}

/** What `identity` and `anonymous` say of groups. `default` is among them where somebody can end up in it. */
export function knownGroups({ identity, anonymous }: Policy): KnownGroups {
  const names = new Set(identity.flatMap(groupsOf))
  if (anonymous === 'address') names.add('default')
  return { names, open: identity.some(({ source, options }) => source === 'jwt' && 'group' in options) }
}

function groupsOf(config: IdentityConfig): readonly string[] {
  if (config.source !== 'header') return ['default']
  const named = [...(config.options.groups?.values() ?? [])]
  return config.options.verified ? [...named, 'default'] : named
}
