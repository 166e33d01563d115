import { createServer } from 'node:net'

/**
 * A port that nobody listens on, below those that the system hands to outgoing connections: while a server is down, a
 * client that keeps asking for its port could otherwise be given that very port.
 */
export async function freePort(): Promise<number> {
  while (true) {
    const port = 17_000 + Math.floor(Math.random() * 15_000)
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}
