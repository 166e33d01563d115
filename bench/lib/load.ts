import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { responseReader } from './responses.js'

const HOST = '127.0.0.1'
const CONNECTIONS = 32

/** Requests over connections that stay open, each with its next request when the last is answered. */
export interface Load {
  /**
   * Sends so many requests, once. Resolves with how many a second were answered; rejects where one is not answered with
   * 200.
   */
  run(requests: number): Promise<number>
  close(): void
}

/** Opens the connections to a server. `requests` are sent in turn, each a whole request as it goes over the wire. */
export async function openLoad(port: number, requests: readonly Buffer[]): Promise<Load> {
  const sockets = Array.from({ length: CONNECTIONS }, () => connect(port, HOST).setNoDelay(true))
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  return {
    run: (count) => runLoad(sockets, requests, count),
    close: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** A request as browsers and libraries send it, with a key that identifies the client. */
export function requestBytes(path: string, key: string): Buffer {
  return Buffer.from(
    [
      `GET ${path} HTTP/1.1`,
      `Host: ${HOST}`,
      'User-Agent: spillway-bench/1.0',
      'Accept: application/json, text/plain, */*',
      'Accept-Language: en-GB,en;q=0.9',
      `X-Api-Key: ${key}`,
      '\r\n',
    ].join('\r\n'),
  )
}

async function runLoad(sockets: readonly Socket[], requests: readonly Buffer[], count: number): Promise<number> {
  let sent = 0
  let answered = 0
  const began = performance.now()
  await new Promise<void>((resolve, reject) => {
    for (const socket of sockets) {
      const sendNext = () => {
        if (sent < count) socket.write(requests[sent++ % requests.length] as Buffer)
      }
      const read = responseReader((status) => {
        if (status !== 200) reject(new Error(`a request was answered with ${status}`))
        answered++
        if (answered === count) resolve()
        else sendNext()
      })
      socket
        .on('data', read)
        .on('error', reject)
        .on('close', () => reject(new Error('the server closed a connection')))
      sendNext()
    }
  })
  return count / ((performance.now() - began) / 1000)
}
