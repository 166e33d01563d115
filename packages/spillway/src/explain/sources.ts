import { isPromise } from '../core/awaitable.js'
import { noteReader, readerAmong } from '../identity/address-reader.js'
import type { Identity, IdentitySource, RequestDescription } from '../identity/identity.js'
import { IdentityError } from '../identity/identity.js'
import type { HeaderConfig, IdentityConfig, JwtConfig } from '../policy/policy.js'
import type { SourceExplained } from './explanation.js'

/** Sources that tell afterwards which of them has answered. */
export interface WatchedSources {
  readonly sources: readonly IdentitySource[]
  /** The number of the source that gave this identity or this error; absent where none did. */
  answeredBy(found: Identity | IdentityError): number | undefined
}

/** Watches sources: what they answer stays the same. */
export function watchSources(sources: readonly IdentitySource[]): WatchedSources {
  const givers = new WeakMap<object, number>()
  const watched = sources.map((source, index) => {
    const note = (found: Identity | undefined) => {
      // Keys and addresses are the same object each time: to look is cheaper than to set.
      if (found !== undefined && givers.get(found) !== index) givers.set(found, index)
      return found
    }
    const noteError = (error: unknown) => {
      if (typeof error === 'object' && error !== null) givers.set(error, index)
      throw error
    }
    const asked: IdentitySource = (request) => {
      const found = source(request)
      return isPromise(found) ? found.then(note, noteError) : note(found)
    }
    const reader = readerAmong([source])
    if (reader !== undefined) noteReader(asked, reader)
    return asked
  })
  return { sources: watched, answeredBy: (found) => givers.get(found) }
}

/**
 * What each of the sources that the policy describes said of the request, and why, by what the request holds. `found` is
 * what came of them all: an identity, or the error that ended the search.
 */
export function explainSources(
  configs: readonly IdentityConfig[],
  { sources, answeredBy }: WatchedSources,
  request: RequestDescription,
  found: Identity | IdentityError,
): readonly SourceExplained[] {
  const giver = answeredBy(found)
  return configs.map((config, index) => {
    const { source } = config
    if (giver === undefined || index < giver) return { source, outcome: 'silent', because: whySilent(config, request) }
    if (index > giver) return { source, outcome: 'not-asked', because: `${configs[giver]?.source} had answered` }
    return found instanceof IdentityError
      ? { source, outcome: 'refused', because: 'the token does not verify, and onInvalidToken is deny' }
      : { source, outcome: 'answered', because: whyAnswered(config, sources[index], request) }
  })
}

function whyAnswered(config: IdentityConfig, source: IdentitySource | undefined, request: RequestDescription): string {
  switch (config.source) {
    case 'jwt':
      return `the token in ${tokenHeader(config.options)} verifies`
    case 'header': {
      const { name, groups } = config.options
      return groups?.has(request.header(name) ?? '')
        ? `${name} holds a known key`
        : `${name} holds a value that somebody in front has checked`
    }
    case 'ip':
      return whyThisAddress(config.options.header ?? 'X-Forwarded-For', source, request)
  }
}

/** Told by asking again as if the header were not there: an address takes no more than a look into a map. */
function whyThisAddress(header: string, source: IdentitySource | undefined, request: RequestDescription): string {
  if (request.header(header.toLowerCase()) === undefined) return 'the address of the connection'
  const read = source && readerAmong([source])
  const bare = { method: request.method, target: '', address: request.address, header: () => undefined }
  return read?.(bare)?.address === read?.(request)?.address
    ? `the address of the connection: ${header} tells no other that is to be believed`
    : `read from ${header}, which a trusted proxy sent`
}

function whySilent(config: IdentityConfig, request: RequestDescription): string {
  switch (config.source) {
    case 'jwt':
      return whyNoToken(config.options, request)
    case 'header':
      return whyNoKey(config.options, request)
    case 'ip':
      return request.address === undefined
        ? 'nothing tells the address of the connection'
        : 'the address cannot be read'
  }
}

function tokenHeader({ header = 'Authorization' }: JwtConfig): string {
  return header
}

function whyNoToken(options: JwtConfig, request: RequestDescription): string {
  const header = tokenHeader(options)
  const value = request.header(header.toLowerCase())
  if (value === undefined || value === '') return `there is no ${header}`
  if (header.toLowerCase() === 'authorization' && !/^bearer /i.test(value)) return `${header} holds no Bearer token`
  return 'the token does not verify'
}

function whyNoKey({ name, verified }: HeaderConfig, request: RequestDescription): string {
  const value = request.header(name)
  if (value === undefined) return `there is no ${name}`
  return verified ? `${name} is empty, too long, or there twice` : `the key in ${name} is not known`
}
