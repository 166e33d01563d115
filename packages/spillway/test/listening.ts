import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AdapterServer } from '../src/testing/adapter-scene.js'

/** Lets a server listen on a free port; its `close` breaks off what is still open. */
export async function listening(server: Server): Promise<AdapterServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
