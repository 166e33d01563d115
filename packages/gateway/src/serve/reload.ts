import { isDeepStrictEqual } from 'node:util'
import type { GatewayConfig, Policy } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import type { GatewayParts } from './gateway-parts.js'

/** What each request reads anew. */
type ReadAnew = 'forwardRawPath'

/** What the gateway opens when it starts, and keeps open: all the rest. */
const OPENED: Readonly<Record<Exclude<keyof GatewayConfig, ReadAnew>, (config: GatewayConfig) => unknown>> = {
  listen: ({ listen }) => listen,
  upstream: ({ upstream }) => upstream && { ...upstream, timeout: undefined },
  admin: ({ admin }) => admin,
  store: ({ store }) => store,
}

/** Puts the policy that `load` gives in force, as `RunningGateway` says. */
export async function reload(parts: GatewayParts, load: () => Policy | Promise<Policy>): Promise<void> {
  try {
    const policy = await load()
    requireSameOpened(parts.inForce.policy, policy)
    parts.inForce = parts.prepare(policy)
    parts.tally.decisions.follow(policy)
    parts.lastReload = 'done'
    parts.log.info({ rules: rulesOf(policy).length }, 'policy reloaded')
  } catch (error) {
    parts.lastReload = 'refused'
    const reason = error instanceof Error ? error.message : String(error)
    parts.log.error({ reason }, 'the new policy cannot be used; the one before stays in force')
    throw error
  }
}

function requireSameOpened({ gateway: before }: Policy, { gateway: now }: Policy): void {
  const changed = Object.entries(OPENED).filter(([, read]) => !isDeepStrictEqual(read(before), read(now)))
  if (changed.length === 0) return
  const keys = changed.map(([key]) => `\`${key}\``).join(', ')
  throw new RangeError(`${keys} cannot change while the gateway runs: restart it`)
}
