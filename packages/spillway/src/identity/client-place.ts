import type { Address } from './address.js'
import { addressText, parseAddressAndPort } from './address.js'
import type { AddressReader, ClientAddress } from './address-reader.js'
import type { Identity } from './identity.js'

/** The leading bits of an IPv6 address that are one client, unless said otherwise. */
export const IPV6_PREFIX = 64
/** Those that are one network. */
export const IPV6_NETWORK = 48

/** Where a client is, as far as one address tells. */
export interface Place extends ClientAddress {
  /** Whether the forwarding header of a request from there is believed. */
  readonly trusted: boolean
}

/** Reads the text of an address; what it makes of it is kept where it shall `remember`. Absent where it is no address. */
export type PlaceReader = (text: string, remember: boolean) => Place | undefined

/** Places remembered by the text of their address. Full, it is emptied at once: no access pays for an order of use. */
const MOST_PLACES = 4_096

/** How addresses are told apart. */
export interface PlaceOptions {
  /** Bits of IPv6: of a client, and of its network. */
  readonly prefix: number
  readonly network: number
  readonly isTrusted: (address: Address) => boolean
}

/** Reads addresses, each text once while it is remembered. */
export function placeReader(options: PlaceOptions): PlaceReader {
  const places = new Map<string, Place>()

  return (text, remember) => {
    const known = places.get(text)
    if (known) return known

    const parsed = parseAddressAndPort(text)
    if (!parsed) return undefined

    const place = placeAt(parsed, options)
    if (places.size === MOST_PLACES) places.clear()
    if (remember) places.set(text, place)
    return place
  }
}

/** The address of the connection, whatever a header says: `clientIp` without options, which needs less code. */
export function peerReader(): AddressReader {
  const placeOf = placeReader({ prefix: IPV6_PREFIX, network: IPV6_NETWORK, isTrusted: () => false })
  return ({ address }) => (address === undefined ? undefined : placeOf(address, true))
}

function placeAt(parsed: Address, { prefix, network, isTrusted }: PlaceOptions): Place {
  const address = addressText(parsed, prefix)
  const identity: Identity = Object.freeze({ kind: 'ip', user: address, group: 'default' })
  return Object.freeze({ address, network: addressText(parsed, network), identity, trusted: isTrusted(parsed) })
}
