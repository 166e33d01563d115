import type { Identity, IdentitySource, RequestDescription } from './identity.js'

/** Where a request comes from. */
export interface ClientAddress {
  /** The canonical text; of an IPv6 address its prefix: `192.0.2.1`, `2001:db8:1:2::/64`. What `partition: ip` counts by. */
  readonly address: string
  /** The wider tier, which `partition: network` counts by: `2001:db8:1::/48`. An IPv4 address is its own. */
  readonly network: string
  /** The client as `clientIp` names it. */
  readonly identity: Identity
}

/** Finds the client's address; absent where the platform tells of no peer. */
export type AddressReader = (request: RequestDescription) => ClientAddress | undefined

const readers = new WeakMap<IdentitySource, AddressReader>()

/** Notes what a source of addresses is built on. */
export function noteReader(source: IdentitySource, reader: AddressReader): void {
  readers.set(source, reader)
}

/**
 * What the first source of addresses among these is built on, so that `partition: ip` counts by the same address. Absent
 * where there is none.
 */
export function readerAmong(sources: readonly IdentitySource[]): AddressReader | undefined {
  for (const source of sources) {
    const reader = readers.get(source)
    if (reader !== undefined) return reader
  }
  return undefined
}
