import { isIPv4 } from 'node:net'

/** Where a listener binds. */
export interface ListenAddress {
  /** A name or an address, without brackets. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

/** Takes `HOST:PORT` apart, an IPv6 host in brackets: `127.0.0.1:8080`, `[::]:8080`. */
export function listenAddress(text: string): ListenAddress {
  const colon = text.lastIndexOf(':')
  return { host: bareHost(text.slice(0, colon)), port: Number(text.slice(colon + 1)) }
}

/** A host of a URL without the brackets of an IPv6 address. */
export function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

/** Whether two listeners cannot have both addresses. `::` is IPv4 too; port 0 is a free one, another each time. */
export function collide(one: ListenAddress, other: ListenAddress): boolean {
  if (one.port === 0 || one.port !== other.port) return false
  return covers(one.host, other.host) || covers(other.host, one.host)
}

function covers(wide: string, narrow: string): boolean {
  return wide === narrow || wide === '::' || (wide === '0.0.0.0' && isIPv4(narrow))
}

/** `host` as it stands in a URL. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
