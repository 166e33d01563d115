import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Writes a self-signed certificate and its key as `NAME.crt` and `NAME.key`: for 127.0.0.1 and localhost, its subject `CN`. */
export function selfSigned(
  directory: string,
  name: string,
  subject: string,
): { readonly cert: string; readonly key: string } {
  const cert = join(directory, `${name}.crt`)
  const key = join(directory, `${name}.key`)
  openssl([
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${subject}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
    ...['-keyout', key, '-out', cert],
  ])
  return { cert, key }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' })
}
