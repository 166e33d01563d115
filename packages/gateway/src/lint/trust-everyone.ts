import { isIP } from 'node:net'
import type { Policy } from 'spillway'
import { ipv6Number } from '../load/address-range.js'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'

/** Trusted proxies that are everybody: then each client writes its own address. */
export function trustEveryone({ identity }: Policy): readonly Warning[] {
  return identity.flatMap((config, index) => {
    if (config.source !== 'ip') return []
    const keys = ['identity', index, 'ip', 'trustedProxies']
    const ranges = config.options.trustedProxies ?? []
    const alone = ranges.flatMap((range, at) =>
      isEverybody([range])
        ? [
            warnAt(
              [...keys, at],
              `${range} is everybody: any client can name any address as its own. List your own proxies only`,
            ),
          ]
        : [],
    )
    if (alone.length > 0 || !isEverybody(ranges)) return alone
    return [
      warnAt(keys, 'are everybody together: any client can name any address as its own. List your own proxies only'),
    ]
  })
}

/** All of IPv4; of IPv6 all addresses that are given to anybody (`2000::/3`; RFC 4291, 2.4). */
const EVERYBODY = { 4: '', 6: '001' } as const

/** Whether ranges have every address of a family between them. */
function isEverybody(ranges: readonly string[]): boolean {
  const prefixes = ranges.map(prefixOf)
  return ([4, 6] as const).some((family) =>
    coversAll(
      EVERYBODY[family],
      prefixes.filter((each) => each.family === family).map(({ bits }) => bits),
    ),
  )
}

/** Whether all addresses that begin with `start` begin with one of the prefixes; bits are written as 0 and 1. */
function coversAll(start: string, prefixes: readonly string[]): boolean {
  if (prefixes.some((prefix) => start.startsWith(prefix))) return true
  const within = prefixes.filter((prefix) => prefix.startsWith(start))
  return within.length > 1 && coversAll(`${start}0`, within) && coversAll(`${start}1`, within)
}

const MAPPED = `${'0'.repeat(80)}${'1'.repeat(16)}`

/** The bits that a range's addresses have in common. A range of IPv4-mapped addresses is one of IPv4. */
function prefixOf(range: string): { readonly family: 4 | 6; readonly bits: string } {
  const [base = '', length] = range.split('/')
  if (isIP(base) === 4) {
    const bits = base.split('.').map((part) => Number(part).toString(2).padStart(8, '0'))
    return { family: 4, bits: bits.join('').slice(0, Number(length ?? 32)) }
  }
  const bits = ipv6Number(base)
    .toString(2)
    .padStart(128, '0')
    .slice(0, Number(length ?? 128))
  return bits.startsWith(MAPPED) ? { family: 4, bits: bits.slice(MAPPED.length) } : { family: 6, bits }
}
