import { hashCredential } from '../identity/hash.js'
import type { Identity, RequestDescription } from '../identity/identity.js'
import type { PartitionPart } from './policy.js'

/** What a request tells about whose share it draws on. */
export interface PartitionContext {
  readonly identity: Identity
  /** The canonical text of the client's address, with IPv6 cut to its prefix. Absent where the platform does not tell. */
  readonly address: string | undefined
  /** The same, cut to the wider tier. */
  readonly network: string | undefined
  /** The normal path. */
  readonly path: string
  readonly request: Pick<RequestDescription, 'method' | 'header'>
}

/** A longer value is kept as its hash, so that no client decides how much memory its name takes. */
const LONGEST_VALUE = 256

const DEEPEST_CLAIM = 32

/**
 * The name of the partition that a request draws on: `user:alice`, `ip:192.0.2.1`, `user:alice,path:/towns`. Each part
 * says of what kind it is, and `%` and `,` in values are escaped, so that no value can imitate another partition.
 */
export function partitionName(parts: readonly PartitionPart[], context: PartitionContext): string {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return partName(first, context)
  return parts.map((part) => partName(part, context)).join(',')
}

function partName(part: PartitionPart, context: PartitionContext): string {
  switch (part.by) {
    case 'user':
      return userName(context.identity)
    case 'ip':
      return context.address === undefined ? userName(context.identity) : named('ip', context.address)
    case 'network':
      return context.network === undefined ? userName(context.identity) : named('network', context.network)
    case 'group':
      return named('group', context.identity.group)
    case 'path':
      return `path:${escaped(context.path)}`
    case 'method':
      return `method:${context.request.method === 'HEAD' ? 'GET' : escaped(context.request.method)}`
    case 'everyone':
      return 'everyone'
    case 'header':
      return headerPart(part.name, context.request.header(part.name))
    case 'claim':
      return claimPart(part.name, context.identity)
  }
}

function userName({ kind, user }: Identity): string {
  return named(kind, user)
}

/** So many names of each kind are kept ready, of values no longer than this; then all are made anew. */
const MOST_NAMES = 4096
const LONGEST_READY = 64

const namesByKind = new Map<string, Map<string, string>>()

/**
 * `KIND:VALUE`. The same text each time that a client comes again: a store finds it faster than one that was just put
 * together, which is still two pieces.
 */
function named(kind: string, value: string): string {
  if (value.length > LONGEST_READY) return `${kind}:${escaped(value)}`
  let names = namesByKind.get(kind)
  if (names === undefined || names.size >= MOST_NAMES) {
    names = new Map()
    namesByKind.set(kind, names)
  }
  let name = names.get(value)
  if (name === undefined) {
    name = `${kind}:${escaped(value)}`
    names.set(value, name)
  }
  return name
}

/** Hashed, as a header may be a credential. An empty header is not an absent one. */
function headerPart(name: string, value: string | undefined): string {
  return value === undefined ? `header:${name}` : `header:${name}=${hashCredential(value)}`
}

/** The value as JSON, so that 1 and "1" differ; of an object or a list the hash of it. */
function claimPart(name: string, identity: Identity): string {
  const claims = identity.claims
  const value = claims !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined
  if (value === undefined || value === null) return userName(identity)

  const json = canonicalJson(value)
  const ownName = escaped(name).replaceAll('=', '%3D')
  return `claim:${ownName}=${typeof value === 'object' ? `#${hashCredential(json)}` : escaped(json)}`
}

/** JSON with the keys of every object in order, so that equal claims are one partition. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value, DEEPEST_CLAIM))
}

/** What lies deeper than `levels` is left out: without an end a token could overflow the stack. */
function inOrder(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return 'deeper'
  if (Array.isArray(value)) return value.map((each) => inOrder(each, levels - 1))

  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, inOrder(each, levels - 1)]))
}

function escaped(value: string): string {
  // `#` marks a hash: a value that begins with one is escaped too, so that none can pass for another's hash.
  if (value.length > LONGEST_VALUE) return `#${hashCredential(value)}`
  return /[%,]|^#/.test(value) ? value.replace(/[%,]|^#/g, percentEncoded) : value
}

function percentEncoded(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}
