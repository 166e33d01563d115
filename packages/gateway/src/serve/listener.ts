import type { IncomingMessage, Server } from 'node:http'
import { createServer, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContextOptions } from 'node:tls'
import type { Answers } from './answers.js'
import { answers } from './answers.js'
import { answerBadRequest, refuseConnect } from './bad-request.js'
import type { ListenAddress } from './listen-address.js'
import { urlHost } from './listen-address.js'

/** Milliseconds and bytes; Node's own defaults are more generous or checked too seldom. */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 1_000,
  insecureHTTPParser: false,
  // It is asked for in `admit`, which answers with a document.
  requireHostHeader: false,
}

/** Answers requests; a request that asks for another protocol comes with the socket that it came on. */
export interface ListenerHandlers {
  onRequest(request: IncomingMessage, response: ServerResponse): void
  onUpgrade?(request: IncomingMessage, response: ServerResponse, socket: Socket, head: Buffer): void
}

/** A server that accepts connections. */
export interface Listener {
  readonly host: string
  readonly port: number
  readonly url: string
  /** New connections get this certificate. */
  secure(material: SecureContextOptions): void
  /** Accepts nothing more, lets what is in flight finish, and destroys after `grace` milliseconds what is left. */
  stop(grace: number): Promise<void>
}

/** Who is in the middle of something. */
interface Open {
  readonly answers: Answers
  readonly sockets: Set<Duplex>
  stopping: boolean
}

/** Listens on the address, with TLS where there is material for it. Rejects where the address cannot be had. */
export async function listen(
  address: ListenAddress,
  tls: SecureContextOptions | undefined,
  handlers: ListenerHandlers,
): Promise<Listener> {
  const server = tls === undefined ? createServer(LIMITS) : createTlsServer({ ...LIMITS, ...tls })
  // Node would leave out what comes behind 2,000 headers, the address that a proxy adds too; their size is bounded anyway.
  server.maxHeadersCount = 0
  const open: Open = { answers: answers(), sockets: new Set(), stopping: false }
  serve(server, open, handlers)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...address, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })

  const { port } = server.address() as AddressInfo
  return {
    host: address.host,
    port,
    url: `${tls === undefined ? 'http' : 'https'}://${urlHost(address.host)}:${port}`,
    secure: (material) => {
      if ('setSecureContext' in server) server.setSecureContext(material)
    },
    stop: (grace) => stop(server, open, grace),
  }
}

function serve(server: Server, open: Open, handlers: ListenerHandlers): void {
  const track = (response: ServerResponse) => {
    if (response.socket === null) closeWithConnection(response)
    const leave = open.answers.add(response)
    if (open.stopping) response.shouldKeepAlive = false
    const { socket } = response.req
    response.on('close', () => {
      leave()
      // Node would take an answer that waits to be sent for none. One that is not finished has changed the protocol.
      if (open.stopping && response.writableFinished && answersOn(open, socket).length === 0) socket.destroySoon()
    })
  }

  const hold = (socket: Socket) => {
    open.sockets.add(socket)
    socket.on('close', () => open.sockets.delete(socket))
  }
  server.on('connection', hold)
  // With TLS the bytes of the handshake count on the socket below alone, those of requests on this one.
  server.on('secureConnection', hold)
  const take = (request: IncomingMessage, response: ServerResponse) => {
    if (open.stopping && endsSoon(open, request.socket)) return
    track(response)
    handlers.onRequest(request, response)
  }
  server.on('request', take)
  // Node would ask for the body before anybody has decided on the request.
  server.on('checkContinue', take)
  server.on('connect', inTurn(open, refuseConnect))
  server.on('clientError', (error, socket) => answerBadRequest(error, socket, responsesOn(open, socket)))
  if (handlers.onUpgrade === undefined) return
  const change = (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const response = detachedResponse(request, socket)
    track(response)
    handlers.onUpgrade?.(request, response, socket, head)
  }
  server.on('upgrade', inTurn(open, change))
}

type OnBareSocket = (request: IncomingMessage, socket: Socket, head: Buffer) => void

/**
 * Node hands a bare socket over though answers that stand before are not finished: what is written now would land among
 * them, so the connection ends.
 */
function inTurn(open: Open, take: OnBareSocket): OnBareSocket {
  return (request, socket, head) => {
    if (responsesOn(open, socket).length > 0) socket.destroy()
    else take(request, socket, head)
  }
}

/** Node tells that a connection is gone to the answer whose turn it is alone, not to those that wait behind it. */
function closeWithConnection(response: ServerResponse): void {
  const { socket } = response.req
  const gone = () => {
    response.destroy()
    response.emit('close')
  }
  // As many may wait as were sent in one go.
  socket.setMaxListeners(0)
  socket.once('close', gone)
  response.once('socket', () => socket.off('close', gone))
}

function responsesOn(open: Open, socket: Duplex): ServerResponse[] {
  return open.answers.list().filter((response) => response.socket === socket)
}

/** Node hands an upgrade over as a bare socket; a refusal is answered on it like on any other, and ends it. */
function detachedResponse(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  socket.on('error', () => socket.destroy())
  socket.on('drain', () => response.emit('drain'))
  endWithClient(response, socket)
  response.on('finish', () => {
    response.detachSocket(socket)
    socket.end()
  })
  return response
}

/** Nobody reads a bare socket before the protocol is changed: the client would be gone, and nothing told of it. */
function endWithClient(response: ServerResponse, socket: Socket): void {
  const gone = () => socket.destroy()
  socket.once('end', gone)
  response.once('close', () => socket.off('end', gone))
  socket.read(0)
}

async function stop(server: Server, open: Open, grace: number): Promise<void> {
  open.stopping = true
  for (const response of lastOfEach(open.answers.list())) response.shouldKeepAlive &&= response.headersSent
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const socket of open.sockets) if (isSilent(socket)) socket.destroy()
  const timer = setTimeout(() => {
    for (const socket of open.sockets) socket.destroy()
  }, grace)
  await closed
  clearTimeout(timer)
}

/** Those that are being sent, and those that wait behind them. */
function answersOn(open: Open, socket: Socket): ServerResponse[] {
  return open.answers.list().filter(({ req }) => req.socket === socket)
}

/** Of several answers on one connection the last: one that says `Connection: close` cuts off those behind it. */
function lastOfEach(responses: readonly ServerResponse[]): Iterable<ServerResponse> {
  return new Map(responses.map((response) => [response.req.socket, response])).values()
}

/** Whether an answer says that none follows: a request that comes after all is not to be served (RFC 9112, 9.6). */
function endsSoon(open: Open, socket: Socket): boolean {
  return answersOn(open, socket).some(({ shouldKeepAlive }) => !shouldKeepAlive)
}

/** Connected, but nothing was ever sent: Node does not count such a connection as idle. */
function isSilent(socket: Duplex): boolean {
  return 'bytesRead' in socket && socket.bytesRead === 0
}
