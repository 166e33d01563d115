import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { onTestFinished } from 'vitest'

/** A bare connection, for the length of the test. */
export interface RawConnection {
  readonly socket: Socket
  /** Everything that has come, as Latin-1. */
  received(): string
  /** Resolves once what has come fits the pattern; rejects where the connection ends first. */
  until(pattern: RegExp): Promise<string>
  /** Resolves with everything, once the other side has closed. */
  closed(): Promise<string>
}

/** Connects to `http://HOST:PORT` and sends the bytes. */
export function rawConnection(url: string, bytes: string): RawConnection {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => socket.destroy())
  socket.write(Buffer.from(bytes, 'latin1'))
  onTestFinished(() => {
    socket.destroy()
  })

  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(text)))
  const until = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (!pattern.test(text)) return
        socket.off('data', look)
        resolve(text)
      }
      socket.on('data', look)
      socket.on('close', () => reject(new Error(`closed before ${pattern}: ${JSON.stringify(text)}`)))
      look()
    })
  return { socket, received: () => text, until, closed: () => closed }
}

/** Sends the bytes and gives all that comes until the other side closes. */
export function rawAnswer(url: string, bytes: string): Promise<string> {
  return rawConnection(url, bytes).closed()
}
