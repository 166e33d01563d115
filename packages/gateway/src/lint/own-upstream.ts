import type { Policy } from 'spillway'
import { bareHost, listenAddress } from '../serve/listen-address.js'
import { isLoopback } from './loopback.js'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'

/** Each may be any address of this machine. */
const ANY: ReadonlySet<string> = new Set(['localhost', '0.0.0.0', '::'])

/**
 * An upstream that is the gateway itself: it would send itself every request, again and again. And one that is its admin
 * listener, which is not for clients.
 */
export function ownUpstream({ gateway: { listen, upstream, admin } }: Policy): readonly Warning[] {
  if (upstream === undefined) return []
  const url = new URL(upstream.url)
  if (listen !== undefined && isThere(url, listen.address)) return [warnAt(['upstream'], ITSELF)]
  return admin !== undefined && isThere(url, admin.listen) ? [warnAt(['upstream'], ITS_ADMIN)] : []
}

const ITSELF =
  'is where the gateway itself listens: it would send itself every request, again and again. Name the service behind it'
const ITS_ADMIN =
  'is where `admin` listens: every client could read what the gateway tells about itself. Name the service behind it'

function isThere({ hostname, port, protocol }: URL, address: string): boolean {
  const own = listenAddress(address)
  if (Number(port || (protocol === 'https:' ? 443 : 80)) !== own.port) return false
  return isSameHost(bareHost(hostname), own.host.toLowerCase())
}

function isSameHost(one: string, other: string): boolean {
  return one === other || (isHere(one) && isHere(other) && (ANY.has(one) || ANY.has(other)))
}

function isHere(host: string): boolean {
  return isLoopback(host) || ANY.has(host)
}
