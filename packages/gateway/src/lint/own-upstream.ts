import type { Policy } from 'spillway'
import { listenAddress } from '../serve/listen-address.js'
import { isLoopback } from './loopback.js'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'

/** Each may be any address of this machine. */
const ANY: ReadonlySet<string> = new Set(['localhost', '0.0.0.0', '::'])

/** An upstream that is the gateway itself: it would send itself every request, again and again. */
export function ownUpstream({ gateway: { listen, upstream } }: Policy): readonly Warning[] {
  if (listen === undefined || upstream === undefined) return []
  const own = listenAddress(listen.address)
  const { hostname, port, protocol } = new URL(upstream.url)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (Number(port || (protocol === 'https:' ? 443 : 80)) !== own.port || !isSameHost(host, own.host.toLowerCase()))
    return []
  return [
    warnAt(
      ['upstream'],
      'is where the gateway itself listens: it would send itself every request, again and again. Name the service behind it',
    ),
  ]
}

function isSameHost(one: string, other: string): boolean {
  return one === other || (isHere(one) && isHere(other) && (ANY.has(one) || ANY.has(other)))
}

function isHere(host: string): boolean {
  return isLoopback(host) || ANY.has(host)
}
