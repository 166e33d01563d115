import { headerOption, integerOption, onlyOptions } from '../core/options.js'
import type { ClientIpConfig } from '../policy/policy.js'
import { addressSet } from './address.js'
import type { AddressReader } from './address-reader.js'
import { noteReader } from './address-reader.js'
import type { ForwardingSyntax } from './forwarded.js'
import { addressList, forwarded } from './forwarded.js'
import type { Hop, HopReader } from './hop.js'
import { hopReader, IPV6_NETWORK, IPV6_PREFIX } from './hop.js'
import type { IdentitySource } from './identity.js'

/** Options of `clientIp`; the `ip` entry of a policy's `identity` has the same. */
export type ClientIpOptions = ClientIpConfig

/** A remembered hop keeps the header alive that it was cut from, so those of long headers are not remembered. */
const LONGEST_REMEMBERED_HEADER = 512

/** More proxies than anybody has in a row. */
const MOST_HOPS = 32

/**
 * Identifies a client by the address of its connection, or, behind `trustedProxies`, by the forwarding header: read
 * from the right, past trusted addresses, to the first that is not. A hop that is no address ends the walk, and the last
 * good address counts. IPv6 clients count by prefix. Throws `RangeError` or `TypeError` for a wrong option.
 */
export function clientIp(options: ClientIpOptions = {}): IdentitySource {
  const readAddress = addressReader(options)
  const source: IdentitySource = (request) => readAddress(request)?.identity
  noteReader(source, readAddress)
  return source
}

/** What `clientIp` is built on: the address itself, for `partition: ip` and `network`. Throws as it does. */
export function addressReader(options: ClientIpOptions = {}): AddressReader {
  onlyOptions('clientIp', options, ['trustedProxies', 'header', 'ipv6Prefix', 'ipv6Network'])
  const hopOf = hopReaderFor(options)
  const header = headerOption(options.header ?? 'X-Forwarded-For', 'clientIp: header')
  const syntax = header === 'forwarded' ? forwarded : addressList

  return (request) => {
    const peer = request.address === undefined ? undefined : hopOf(request.address, true)
    if (!peer?.trusted) return peer

    const hops = request.header(header)
    return hops === undefined ? peer : firstStranger(peer, hops, syntax, hopOf)
  }
}

/** The first hop from the right that is not trusted; where the walk ends before, the last one that could be read. */
function firstStranger(peer: Hop, hops: string, syntax: ForwardingSyntax, hopOf: HopReader): Hop {
  const remember = hops.length <= LONGEST_REMEMBERED_HEADER
  let client = peer
  let end = hops.length

  for (let count = 0; count < MOST_HOPS && end >= 0 && client.trusted; count++) {
    const start = syntax.lastElement(hops, end)
    const text = start === undefined ? undefined : syntax.address(hops.slice(start, end))
    const hop = text === undefined ? undefined : hopOf(text, remember)
    if (start === undefined || hop === undefined) return client

    client = hop
    end = start - 1
  }
  return client
}

function hopReaderFor(options: ClientIpOptions): HopReader {
  const prefix = integerOption(options.ipv6Prefix ?? IPV6_PREFIX, 1, 128, 'clientIp: ipv6Prefix')
  const widest = Math.min(IPV6_NETWORK, prefix)
  const network = integerOption(options.ipv6Network ?? widest, 1, prefix, 'clientIp: ipv6Network')
  return hopReader({
    prefix,
    network,
    isTrusted: addressSet(options.trustedProxies ?? [], 'clientIp: trustedProxies'),
  })
}
