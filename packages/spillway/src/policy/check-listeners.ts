import { inside, report, wholeFile } from './place.js'
import type { GatewayConfig } from './policy.js'
import type { PolicyIssue } from './policy-error.js'

const IPV4 = /^[\d.]+$/

/** Two listeners cannot have one address. Port 0 is a free one, another each time. */
export function reportSharedAddress(
  { listen, admin }: Pick<GatewayConfig, 'listen' | 'admin'>,
  issues: PolicyIssue[],
): void {
  if (listen === undefined || admin === undefined) return
  const [one, other] = [hostAndPortOf(listen.address), hostAndPortOf(admin.listen)]
  if (one.port === 0 || one.port !== other.port || !(covers(one.host, other.host) || covers(other.host, one.host)))
    return
  report(
    issues,
    inside(inside(wholeFile, 'admin'), 'listen'),
    `has the address of \`listen\`, ${listen.address}: choose another port`,
  )
}

/** The one spelling of the host, as in a URL, and the port. */
function hostAndPortOf(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':')
  const url = `http://${address.slice(0, colon)}`
  return { host: URL.canParse(url) ? new URL(url).hostname : '', port: Number(address.slice(colon + 1)) }
}

/** Whether who listens on the first host has the second too: `[::]` is both families. */
function covers(wide: string, narrow: string): boolean {
  return wide === narrow || wide === '[::]' || (wide === '0.0.0.0' && IPV4.test(narrow))
}
