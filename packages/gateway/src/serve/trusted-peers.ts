import { BlockList, isIP } from 'node:net'
import type { Policy } from 'spillway'

/**
 * Tells whether the policy believes a peer's forwarding headers: whether its address is in a `trustedProxies` list.
 * IPv4-mapped IPv6 addresses are IPv4.
 */
export function trustedPeers(policy: Policy): (address: string) => boolean {
  const ranges = policy.identity.flatMap((entry) => (entry.source === 'ip' ? (entry.options.trustedProxies ?? []) : []))
  if (ranges.length === 0) return () => false

  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = address.includes(':') ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => isIP(address) !== 0 && list.check(address, address.includes(':') ? 'ipv6' : 'ipv4')
}
