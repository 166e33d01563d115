import type { Identity } from '../identity/identity.js'

/** So much of a hash tells two keys apart, and is too little to be one. */
const SHOWN = 12

/** An identity without its claims, a key by the start of its hash. */
export function shownIdentity({ kind, user, group }: Identity): Pick<Identity, 'kind' | 'user' | 'group'> {
  return { kind, user: kind === 'key' ? user.slice(0, SHOWN) : user, group }
}

/** The name of a partition, every hash in it that stands for a credential cut to its start. */
export function shownPartition(partition: string): string {
  return partition
    .split(',')
    .map((part) => part.replace(/^(key:|header:[^=]*=)(.*)$/s, (_, kind: string, hash: string) => kind + cut(hash)))
    .join(',')
}

function cut(hash: string): string {
  return hash.length > SHOWN ? `${hash.slice(0, SHOWN)}…` : hash
}
