import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Policy } from 'spillway'
import type { Warning } from '../lint/warning.js'
import { warnAt } from '../lint/warning.js'
import type { Keys } from '../policy-file/keys.js'
import type { PemFiles } from '../serve/tls-watch.js'
import { unusable } from '../serve/tls-watch.js'

/**
 * Files that a policy names and that cannot be read here, and certificates that a gateway could not use. Relative names
 * start from `baseDirectory`.
 */
export async function unusableFiles(policy: Policy, baseDirectory: string): Promise<readonly Warning[]> {
  const { body } = policy.denied
  const missing =
    typeof body === 'object' ? await missingOf(['denied', 'body'], { file: body.file }, baseDirectory) : []
  const certificates = await Promise.all(
    certificatesOf(policy).map(async ([keys, files]) => {
      const absent = await missingOf(keys, files, baseDirectory)
      const reason = absent.length > 0 ? undefined : unusable(files, baseDirectory)
      return reason === undefined ? absent : [warnAt(keys, `the certificates cannot be used: ${reason}`)]
    }),
  )
  return [...missing, ...certificates.flat()]
}

/** Names of files, by the keys that they stand at. */
type Files = Readonly<Record<string, string>>

async function missingOf(keys: Keys, files: Files, baseDirectory: string): Promise<readonly Warning[]> {
  const warnings = Object.entries(files).map(async ([key, file]) =>
    (await readable(resolve(baseDirectory, file))) ? [] : [warning([...keys, key])],
  )
  return (await Promise.all(warnings)).flat()
}

function warning(keys: Keys): Warning {
  return warnAt(keys, 'this file cannot be read here: a relative name starts from the folder of the policy')
}

function certificatesOf({ gateway: { listen, upstream, store } }: Policy): readonly (readonly [Keys, Files])[] {
  const redis = store === 'memory' ? undefined : store.redis.tls
  const places = [
    [['listen', 'tls'], listen?.tls],
    [['upstream', 'tls'], upstream?.tls],
    [['store', 'redis', 'tls'], redis],
  ] as const
  return places.flatMap(([keys, files]) => (files === undefined ? [] : [[keys, pemFiles(files)] as const]))
}

/** The files alone: what else stands there is none. */
function pemFiles({ cert, key, ca }: PemFiles): Files {
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }
}

/** A folder is no file, and who reads a pipe waits for ever. */
function readable(file: string): Promise<boolean> {
  return Promise.all([stat(file), access(file, constants.R_OK)]).then(
    ([stats]) => stats.isFile(),
    () => false,
  )
}
