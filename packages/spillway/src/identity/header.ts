import { choiceOption, headerOption, onlyOptions, textOption } from '../core/options.js'
import { hashCredential } from './hash.js'
import type { Identity, IdentitySource } from './identity.js'

/** Options of `header`. */
export interface HeaderOptions {
  /** The header with the key; letter case plays no part. */
  readonly name: string
  /** Known keys and their groups. Required unless `verified`. */
  readonly groups?: Readonly<Record<string, string>> | ReadonlyMap<string, string>
  /**
   * Somebody in front has checked the value: any is taken, in group `default` unless `groups` says otherwise. Default:
   * false.
   */
  readonly verified?: boolean
}

/** The longest value that `verified` takes, in characters; a longer one is nobody's. */
const LONGEST_KEY = 1_024

/** Verified values whose hash is remembered. Full, the memory is emptied at once: no access pays for an order of use. */
const MOST_REMEMBERED = 4_096

/**
 * Identifies a client by a key in a header: one of the known `groups`, or, where it is `verified`, any single value. An
 * unknown key is nobody. The key itself is never in the identity, only its hash. Throws `TypeError` or `RangeError` for a
 * wrong option, and `TypeError` where nothing checks the key: then anyone could invent a fresh budget.
 */
export function header(options: HeaderOptions): IdentitySource {
  onlyOptions('header', options, ['name', 'groups', 'verified'])
  const name = headerOption(options.name, 'header: name')
  const verified = choiceOption(options.verified ?? false, [true, false], 'header: verified')
  const known = knownKeys(options.groups)

  if (options.groups === undefined && !verified) {
    throw new TypeError(`header: ${name} is checked by nothing; list the known keys in groups, or say verified: true`)
  }

  const verifiedIdentity = verified ? verifiedKeys() : () => undefined
  return (request) => {
    const key = request.header(name)
    return key === undefined ? undefined : (known.get(key) ?? verifiedIdentity(key))
  }
}

/**
 * Identities by key. A hash takes longer than all else that a request costs, so the map holds the keys themselves, which
 * the policy holds anyway. Time gives none of them away: a map compares characters only where its own seeded hash of
 * both texts is the same, so that a guess that is nearly right is answered like any other.
 */
function knownKeys(groups: HeaderOptions['groups'] = {}): ReadonlyMap<string, Identity> {
  // The keys of a list would be its numbers, and no secret.
  if (typeof groups !== 'object' || groups === null || Array.isArray(groups))
    throw new TypeError('header: groups: expected an object or a Map of keys and their groups')

  const entries = groups instanceof Map ? [...groups] : Object.entries(groups)
  return new Map(
    entries.map(([key, group]) => [
      textOption(key, 'header: a key in groups'),
      keyIdentity(key, textOption(group, 'header: a group in groups')),
    ]),
  )
}

function verifiedKeys(): (key: string) => Identity | undefined {
  const remembered = new Map<string, Identity>()

  return (key) => {
    const known = remembered.get(key)
    if (known) return known
    // Two lines of the same header come joined: the checked one and one that a client added cannot be told apart.
    if (key === '' || key.length > LONGEST_KEY || key.includes(', ')) return undefined

    const identity = keyIdentity(key, 'default')
    if (remembered.size === MOST_REMEMBERED) remembered.clear()
    remembered.set(key, identity)
    return identity
  }
}

function keyIdentity(key: string, group: string): Identity {
  return Object.freeze({ kind: 'key', user: hashCredential(key), group })
}
