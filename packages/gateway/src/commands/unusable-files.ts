import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Policy } from 'spillway'
import type { Warning } from '../lint/warning.js'
import { warnAt } from '../lint/warning.js'
import type { Keys } from '../policy-file/keys.js'

/** Files that a policy names and that cannot be read here. Relative names start from `baseDirectory`. */
export async function missingFiles(policy: Policy, baseDirectory: string): Promise<readonly Warning[]> {
  const warnings = await Promise.all(
    namedFiles(policy).map(async ([keys, file]) =>
      (await readable(resolve(baseDirectory, file))) ? [] : [warning(keys)],
    ),
  )
  return warnings.flat()
}

function warning(keys: Keys): Warning {
  return warnAt(keys, 'this file cannot be read here: a relative name starts from the folder of the policy')
}

function namedFiles({ gateway, denied }: Policy): readonly (readonly [Keys, string])[] {
  const { cert, key } = gateway.listen?.tls ?? {}
  const upstream = gateway.upstream?.tls
  const redis = gateway.store === 'memory' ? undefined : gateway.store.redis.tls
  const body = typeof denied.body === 'object' ? denied.body.file : undefined
  const places: readonly (readonly [Keys, string | undefined])[] = [
    [['listen', 'tls', 'cert'], cert],
    [['listen', 'tls', 'key'], key],
    [['upstream', 'tls', 'ca'], upstream?.ca],
    [['upstream', 'tls', 'cert'], upstream?.cert],
    [['upstream', 'tls', 'key'], upstream?.key],
    [['store', 'redis', 'tls', 'ca'], redis?.ca],
    [['store', 'redis', 'tls', 'cert'], redis?.cert],
    [['store', 'redis', 'tls', 'key'], redis?.key],
    [['denied', 'body', 'file'], body],
  ]
  return places.flatMap(([keys, file]) => (file === undefined ? [] : [[keys, file] as const]))
}

function readable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  )
}
