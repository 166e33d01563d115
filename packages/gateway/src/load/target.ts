import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { bareHost } from '../serve/listen-address.js'
import { failure, LoadError } from './load-error.js'

/** Where load goes: connections are made to this address, whatever the name means later. */
export interface Target {
  readonly url: URL
  readonly address: string
  readonly family: 4 | 6
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * Finds the address of a target. Every address that its name has must be one of this machine (RFC 1122, 3.2.1.3; RFC
 * 4291, 2.5.3), unless the caller owns the host. Throws a `LoadError`; nothing but a name server is asked.
 */
export async function findTarget(text: string, owned: boolean): Promise<Target> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new LoadError('a target is a URL of http or https, such as http://127.0.0.1:8080/')
  }
  if (url.username !== '' || url.password !== '') {
    throw new LoadError("a target has no user name and password: send them with --header 'authorization: …'")
  }
  const host = bareHost(url.hostname)
  const addresses = await addressesOf(host)
  const strange = addresses.find((address) => !isLoopback(address))
  if (strange !== undefined && !owned) {
    const whose = strange === host ? host : `${host} (${strange})`
    throw new LoadError(
      `${whose} is not a loopback address: load goes to this machine only. Where the host is yours, say --i-own-this-host`,
    )
  }
  const [address] = addresses
  return { url, address, family: isIP(address) === 6 ? 6 : 4 }
}

async function addressesOf(host: string): Promise<readonly [string, ...string[]]> {
  if (isIP(host) !== 0) return [host]
  const found = await lookup(host, { all: true }).catch((error: unknown) => {
    throw failure(`${host} has no address`, error)
  })
  const [first, ...others] = found.map(({ address }) => address)
  if (first === undefined) throw new LoadError(`${host} has no address`)
  return [first, ...others]
}

function isLoopback(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
