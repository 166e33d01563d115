import type { Address } from './address.js'
import { addressText, parseAddressAndPort } from './address.js'
import type { AddressReader, ClientAddress } from './address-reader.js'
import type { Identity } from './identity.js'

/** The leading bits of an IPv6 address that are one client, unless said otherwise. */
export const IPV6_PREFIX = 64
/** Those that are one network. */
export const IPV6_NETWORK = 48

/** What one address in a forwarding header, or that of the connection, tells. */
export interface Hop extends ClientAddress {
  /** Whether the forwarding header of a request from there is believed. */
  readonly trusted: boolean
}

/** Reads the text of an address; what it makes of it is kept where it shall `remember`. Absent where it is no address. */
export type HopReader = (text: string, remember: boolean) => Hop | undefined

/** Hops remembered by the text of their address. Full, it is emptied at once: no access pays for an order of use. */
const MOST_REMEMBERED = 4_096

/** How addresses are told apart. */
export interface HopOptions {
  /** Bits of IPv6: of a client, and of its network. */
  readonly prefix: number
  readonly network: number
  readonly isTrusted: (address: Address) => boolean
}

/** Reads addresses, each text once while it is remembered. */
export function hopReader(options: HopOptions): HopReader {
  const hops = new Map<string, Hop>()

  return (text, remember) => {
    const known = hops.get(text)
    if (known) return known

    const parsed = parseAddressAndPort(text)
    if (!parsed) return undefined

    const hop = hopAt(parsed, options)
    if (hops.size === MOST_REMEMBERED) hops.clear()
    if (remember) hops.set(text, hop)
    return hop
  }
}

/** The address of the connection, whatever a header says: `clientIp` without options, which needs less code. */
export function peerReader(): AddressReader {
  const hopOf = hopReader({ prefix: IPV6_PREFIX, network: IPV6_NETWORK, isTrusted: () => false })
  return ({ address }) => (address === undefined ? undefined : hopOf(address, true))
}

function hopAt(parsed: Address, { prefix, network, isTrusted }: HopOptions): Hop {
  const address = addressText(parsed, prefix)
  const identity: Identity = Object.freeze({ kind: 'ip', user: address, group: 'default' })
  return Object.freeze({ address, network: addressText(parsed, network), identity, trusted: isTrusted(parsed) })
}
