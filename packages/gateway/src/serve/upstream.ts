import { isIP } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { buildConnector, Pool } from 'undici'
import { bareHost } from './listen-address.js'
import { readToTheEnd } from './read-to-the-end.js'

/** The one service behind the gateway: its connections, kept alive and reused, one request at a time on each. */
export interface Upstream {
  readonly pool: Pool
  /** What TLS checks the certificate against: never what a client wrote in `Host`. */
  readonly servername: string
  /** New connections use these certificates from now on; those that are there stay. */
  secure(material: SecureContextOptions): void
}

/**
 * `url` is `http://HOST[:PORT]` or `https://…`. Connecting takes at most so many milliseconds as `connectTimeout` gives
 * then.
 */
export function openUpstream(url: string, connectTimeout: () => number, tls: SecureContextOptions = {}): Upstream {
  const { hostname } = new URL(url)
  const connectorFor = (material: SecureContextOptions) => {
    const timeout = connectTimeout()
    return { material, timeout, connect: buildConnector({ ...material, timeout }) }
  }
  const named = isIP(bareHost(hostname)) === 0 ? { servername: hostname } : { servername: '' }
  let connector = connectorFor(tls)

  const pool = new Pool(url, {
    connect: (options, callback) => {
      // A connector remembers sessions of TLS, so that another one is made only where the time is another.
      if (connector.timeout !== connectTimeout()) connector = connectorFor(connector.material)
      connector.connect({ ...options, ...named }, (...[error, socket]) => {
        if (error) callback(error, null)
        else callback(null, readToTheEnd(socket))
      })
    },
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  return {
    pool,
    servername: hostname,
    secure: (material) => {
      connector = connectorFor(material)
    },
  }
}
