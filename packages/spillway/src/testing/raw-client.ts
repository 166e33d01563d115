import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http'
import { request as open } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** What a server answered. */
export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A request to 127.0.0.1; its path goes on the wire as it is. */
export interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent chunked, chunk by chunk. */
  readonly chunks?: readonly string[]
}

/** Sends a request on a connection of its own and reads the whole answer. */
export async function send(port: number, path: string, sent: Sent = {}): Promise<Received> {
  const response = await begin(port, path, sent)
  const body = await text(response)
  return { status: response.statusCode ?? 0, headers: response.headers, body }
}

/** Sends a request and gives the answer as soon as its head is there. */
export function begin(
  port: number,
  path: string,
  { method = 'GET', headers = {}, chunks = [] }: Sent = {},
): Promise<IncomingMessage> {
  const options: RequestOptions = { host: '127.0.0.1', port, path, method, headers, agent: false }
  return new Promise((resolve, reject) => {
    const request = open(options, resolve).on('error', reject)
    for (const chunk of chunks) request.write(chunk)
    request.end()
  })
}

/** Sends a request and breaks the connection off once `until` is fulfilled, whatever was answered by then. */
export async function abort(port: number, path: string, until: Promise<unknown>): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
  await until
  socket.destroy()
}

/** Sends `count` requests at once down one connection, and gives the statuses in the order of the answers. */
export async function pipeline(port: number, path: string, count: number): Promise<number[]> {
  const socket = connect(port, '127.0.0.1')
  const request = (connection: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: ${connection}\r\n\r\n`
  socket.write(request('keep-alive').repeat(count - 1) + request('close'))
  const answers = await text(socket)
  return [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
}
