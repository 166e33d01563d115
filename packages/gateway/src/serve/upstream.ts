import { isIP } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { buildConnector } from 'undici'
import type { UpstreamConnection, UpstreamRequest } from './upstream-connection.js'
import { upstreamConnection } from './upstream-connection.js'
import { upstreamFault } from './upstream-fault.js'

/**
 * The one service behind the gateway: its connections, kept alive and reused, one request at a time on each.
 *
 * undici makes the connections; HTTP/1.1 on them is spoken here and in the files beside it. Its client took a quarter of
 * all processor time for a request (31 µs with it, 25 without), most of it for what a proxy has done already or must not
 * do: checks of a client's headers, pipelining, retries.
 */
export interface Upstream {
  /** Sends a request, once. What comes of it is told to its events, none of them before this returns. */
  send(request: UpstreamRequest): Sent
  /** New connections use these certificates from now on; those that are there stay. */
  secure(options: SecureContextOptions): void
  /** Ends all connections. */
  close(): void
}

/** A request that is sent, or waits for its connection. */
export interface Sent {
  /** The answer may go on after its events have asked for a rest. */
  resume(): void
  /** Nobody wants the answer any more: its connection ends, and nothing more is told. */
  abort(): void
}

interface Waiting {
  readonly request: UpstreamRequest
  connection: UpstreamConnection | undefined
  aborted: boolean
}

interface Connections {
  /** Free ones, the last used at the end. */
  readonly free: UpstreamConnection[]
  readonly all: Set<UpstreamConnection>
  /** Makes a connection for a request and sends it. */
  readonly connect: (waiting: Waiting) => void
  waiting: Waiting[]
}

/** Milliseconds between two looks for connections that are kept no longer. */
const SWEEP = 1_000

/** `url` is `http://HOST[:PORT]` or `https://…`. Connecting takes at most `connectTimeout` milliseconds. */
export function openUpstream(url: string, connectTimeout: number, tls: SecureContextOptions = {}): Upstream {
  const { host, hostname, protocol, port } = new URL(url)
  const bare = hostname.replace(/[[\]]/g, '')
  // What TLS checks the certificate against: never what a client wrote in `Host`.
  const target = { hostname: bare, host, protocol, port, servername: isIP(bare) === 0 ? bare : '' }
  const connectorFor = (options: SecureContextOptions) => buildConnector({ ...options, timeout: connectTimeout })
  let connector = connectorFor(tls)
  let closed = false

  const connect = (waiting: Waiting) => {
    connector(target, (error, socket) => {
      if (error !== null) {
        if (!waiting.aborted) waiting.request.events.onFault(upstreamFault(error))
        return
      }
      const connection = upstreamConnection(
        socket,
        host,
        () => connections.free.push(connection),
        () => connections.all.delete(connection),
      )
      connections.all.add(connection)
      if (closed || waiting.aborted) connection.destroy()
      else start(waiting, connection)
    })
  }
  const connections: Connections = { free: [], all: new Set(), connect, waiting: [] }
  const sweeper = setInterval(() => sweep(connections), SWEEP).unref()

  return {
    send: (request) => send(connections, request),
    secure: (options) => {
      connector = connectorFor(options)
    },
    close: () => {
      closed = true
      clearInterval(sweeper)
      for (const connection of connections.all) connection.destroy()
    },
  }
}

/**
 * Requests wait for the end of this turn of the event loop: by then it is known which free connections the upstream has
 * closed, and no request is lost on one of those.
 */
function send(connections: Connections, request: UpstreamRequest): Sent {
  const waiting: Waiting = { request, connection: undefined, aborted: false }
  if (connections.waiting.push(waiting) === 1) setImmediate(startAll, connections)

  return {
    resume: () => waiting.connection?.resume(request),
    abort: () => {
      waiting.aborted = true
      waiting.connection?.abort(request)
    },
  }
}

function startAll(connections: Connections): void {
  const waiting = connections.waiting
  connections.waiting = []
  const now = performance.now()
  for (const one of waiting) {
    if (one.aborted) continue
    const connection = takeFree(connections, now)
    if (connection === undefined) connections.connect(one)
    else start(one, connection)
  }
}

function start(waiting: Waiting, connection: UpstreamConnection): void {
  waiting.connection = connection
  connection.send(waiting.request)
}

function takeFree({ free }: Connections, now: number): UpstreamConnection | undefined {
  for (let last = free.pop(); last !== undefined; last = free.pop()) {
    if (last.keptUntil > now) return last
    last.destroy()
  }
  return undefined
}

function sweep({ free }: Connections): void {
  const now = performance.now()
  for (const connection of free.splice(0)) {
    if (connection.keptUntil > now) free.push(connection)
    else connection.destroy()
  }
}
