import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SecureContextOptions } from 'node:tls'
import { createSecureContext } from 'node:tls'
import type { Logger } from 'pino'
import { watchFiles } from './watch-files.js'

/** A certificate in a PEM file, perhaps without its end (RFC 7468, 5). */
const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*(?:-----END [A-Z0-9 ]+-----)?/g

/** PEM files of a certificate, its key and the authorities that are believed, each by its path. */
export interface PemFiles {
  readonly cert?: string
  readonly key?: string
  readonly ca?: string
}

/** Reads certificates and keeps an eye on their files. */
export interface TlsWatch {
  /**
   * What is in the files now; `apply` gets what is in them after each change. What cannot be used (a half-written file,
   * a key that does not fit its certificate) is logged, and what was there stays in force. Throws where the first
   * reading fails, naming `place` in the policy.
   */
  read(place: string, files: PemFiles, apply: (material: SecureContextOptions) => void): SecureContextOptions
  /** Watches no more. */
  close(): void
}

/** Why what is in the files now cannot be used; absent where it can. Paths are relative to `baseDirectory`. */
export function unusable(files: PemFiles, baseDirectory: string): string | undefined {
  try {
    readAll(pathsOf(files, baseDirectory))
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}

/** Paths are relative to `baseDirectory`. */
export function tlsWatch(baseDirectory: string, log: Logger): TlsWatch {
  const closing: (() => void)[] = []

  return {
    read: (place, files, apply) => {
      const paths = pathsOf(files, baseDirectory)
      const initial = readFirst(paths, place)
      const changed = reloader(paths, initial, apply, log.child({ place }))
      closing.push(
        watchFiles(
          paths.map(([, path]) => path),
          changed,
        ),
      )
      return initial
    },
    close: () => {
      for (const close of closing.splice(0)) close()
    },
  }
}

function reloader(
  paths: Paths,
  initial: SecureContextOptions,
  apply: (material: SecureContextOptions) => void,
  log: Logger,
): () => void {
  let digest = digestOf(initial)
  return () => {
    try {
      const material = readAll(paths)
      const now = digestOf(material)
      if (now === digest) return

      apply(material)
      digest = now
      log.info('certificates reloaded')
    } catch (error) {
      log.error({ reason: reasonOf(error) }, 'the changed certificates cannot be used; those before stay in force')
    }
  }
}

type Paths = readonly (readonly [kind: string, path: string])[]

function pathsOf(files: PemFiles, baseDirectory: string): Paths {
  return Object.entries(files).map(([kind, path]) => [kind, resolve(baseDirectory, path)] as const)
}

function readFirst(paths: Paths, place: string): SecureContextOptions {
  try {
    return readAll(paths)
  } catch (error) {
    throw new Error(`${place}: the certificates cannot be used: ${reasonOf(error)}`, { cause: error })
  }
}

function readAll(paths: Paths): SecureContextOptions {
  const material: SecureContextOptions = Object.fromEntries(paths.map(([kind, path]) => [kind, readFileSync(path)]))
  createSecureContext(material)
  if (material.ca !== undefined) requireCertificates(String(material.ca))
  return material
}

/** OpenSSL passes over what it cannot read among authorities, and would then believe fewer of them, or nobody. Throws. */
function requireCertificates(pem: string): void {
  const certificates = pem.match(CERTIFICATE)
  if (certificates === null) throw new Error('there is no certificate among the authorities')
  for (const certificate of certificates) new X509Certificate(certificate)
}

function digestOf(material: SecureContextOptions): string {
  const hash = createHash('sha256')
  for (const [kind, content] of Object.entries(material)) hash.update(`${kind}\0`).update(String(content)).update('\0')
  return hash.digest('base64')
}

/** OpenSSL's own words for the commonest mistakes say little. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (/key values mismatch/.test(message)) return 'the key is not that of the certificate'
  if (/no start line/.test(message)) return 'a file is no PEM: it has no line `-----BEGIN …`'
  return message
}
