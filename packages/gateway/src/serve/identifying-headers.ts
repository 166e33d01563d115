import type { Policy } from 'spillway'

/** The headers that say who asks, by the policy. All lower case. */
export interface IdentifyingHeaders {
  /** A request has each at most once: two would let gateway and upstream see different users. */
  readonly single: ReadonlySet<string>
  /** Names whose spelling with underscores is dropped: `single`, and all that tells where a request comes from. */
  readonly guarded: ReadonlySet<string>
  /** Believed from a trusted peer alone. */
  readonly forwarding: ReadonlySet<string>
}

/** Reads from the policy which headers identify a client. */
export function identifyingHeaders(policy: Policy): IdentifyingHeaders {
  const single = new Set(['host', 'authorization'])
  const forwarding = new Set(['forwarded', 'x-real-ip'])

  for (const entry of policy.identity) {
    if (entry.source === 'ip') forwarding.add(entry.options.header?.toLowerCase() ?? 'x-forwarded-for')
    else if (entry.source === 'header') single.add(entry.options.name)
    else single.add(entry.options.header?.toLowerCase() ?? 'authorization')
  }

  const guarded = new Set([...single, ...forwarding, 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'])
  return { single, guarded, forwarding }
}
