import type { AddressReader } from '../identity/client-ip.js'
import { addressReader, readerBehind } from '../identity/client-ip.js'
import type { IdentitySource } from '../identity/identity.js'

/** Reads addresses as the `clientIp` among the sources does; without one, the address of the connection. */
export function readerOf(sources: readonly IdentitySource[]): AddressReader {
  for (const source of sources) {
    const reader = readerBehind(source)
    if (reader !== undefined) return reader
  }
  return addressReader()
}
