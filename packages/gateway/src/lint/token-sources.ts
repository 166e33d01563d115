import type { IdentityConfig, Policy } from 'spillway'
import { bareHost } from '../serve/listen-address.js'
import { isLoopback } from './loopback.js'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'

/**
 * Keys for tokens that come over a network without TLS: whoever is on the way can put in their own. And a source of tokens
 * behind one that refuses each which is not its own.
 */
export function tokenSources({ identity }: Policy): readonly Warning[] {
  return identity.flatMap((config, index) => {
    if (config.source !== 'jwt') return []
    const keys = ['identity', index, 'jwt']
    const open = isOpen(config.options.jwks) ? [warnAt([...keys, 'jwks'], OPEN)] : []
    const before = identity.slice(0, index).findIndex((other) => refusesTokensOf(other, config))
    return before === -1 ? open : [...open, warnAt(keys, neverAsked(before))]
  })
}

const OPEN =
  'comes over http from another host: whoever is on the way can put in keys of their own, and forge tokens. Write https://'

function isOpen(jwks: string | undefined): boolean {
  if (jwks === undefined) return false
  const { protocol, hostname } = new URL(jwks)
  return protocol === 'http:' && !isLoopback(bareHost(hostname))
}

type Tokens = Extract<IdentityConfig, { source: 'jwt' }>

function refusesTokensOf(earlier: IdentityConfig, later: Tokens): boolean {
  if (earlier.source !== 'jwt' || earlier.options.onInvalidToken !== 'deny') return false
  return headerOf(earlier) === headerOf(later)
}

function headerOf({ options: { header = 'Authorization' } }: Tokens): string {
  return header.toLowerCase()
}

function neverAsked(before: number): string {
  return `is never asked about a token: identity[${before}] refuses each that is not its own, by \`onInvalidToken: deny\`. Say that in the last one alone`
}
