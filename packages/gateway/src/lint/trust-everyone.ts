import type { Policy } from 'spillway'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'

/** Trusted proxies that are everybody: then each client writes its own address. */
export function trustEveryone({ identity }: Policy): readonly Warning[] {
  return identity.flatMap((config, index) => {
    if (config.source !== 'ip') return []
    return (config.options.trustedProxies ?? []).flatMap((range, at) =>
      /\/0+$/.test(range)
        ? [
            warnAt(
              ['identity', index, 'ip', 'trustedProxies', at],
              `${range} is everybody: any client can name any address as its own. List your own proxies only`,
            ),
          ]
        : [],
    )
  })
}
